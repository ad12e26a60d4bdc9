import type { ComponentType } from 'preact';
import type { MessageKey } from '../../messages/words.ts';
import { later } from '../parts/later.tsx';
import { Diagnosis } from './diagnosis/room.tsx';
import { History } from './history/room.tsx';
import { Wallboard } from './wallboard/wallboard.tsx';

export interface Room {
  id: string;
  label: MessageKey;
  View: ComponentType;
}

/** The rooms of the console, in the order of the navigation; the first is where one starts. A new room is one line here. */
export const ROOMS: readonly [Room, ...Room[]] = [
  { id: 'wallboard', label: 'console_wallboard', View: Wallboard },
  { id: 'diagnosis', label: 'diagnosis_room', View: Diagnosis },
  { id: 'history', label: 'history_room', View: History },
  { id: 'skills', label: 'skills_room', View: later(() => import('./skills/room.tsx').then(({ Skills }) => Skills)) },
];

export function roomOf(id: string): Room {
  return ROOMS.find((room) => room.id === id) ?? ROOMS[0];
}
