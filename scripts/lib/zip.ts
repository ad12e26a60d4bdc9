import { crc32, deflateRawSync } from 'node:zlib';

/** 1980-01-01, the oldest date a zip can hold: the same files must give the same bytes on every machine. */
const DATE = 0x21;
const VERSION = 20;
const UTF8_NAMES = 0x800;
const DEFLATE = 8;

/** A zip file of `files`, sorted by path. The format's few fields that we need: APPNOTE.TXT 4.3.7, 4.3.12 and 4.3.16. */
export function zip(files: ReadonlyMap<string, Buffer>): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [path, data] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = Buffer.from(path);
    const packed = deflateRawSync(data, { level: 9 });
    const common = numbers(
      [2, VERSION],
      [2, UTF8_NAMES],
      [2, DEFLATE],
      [2, 0],
      [2, DATE],
      [4, crc32(data)],
      [4, packed.length],
      [4, data.length],
    );
    const local = Buffer.concat([numbers([4, 0x04034b50]), common, numbers([2, name.length], [2, 0]), name, packed]);
    const rest = numbers([2, name.length], [2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]);
    centrals.push(Buffer.concat([numbers([4, 0x02014b50], [2, VERSION]), common, rest, name]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(centrals);
  const count: [number, number] = [2, centrals.length];
  const end = numbers([4, 0x06054b50], [2, 0], [2, 0], count, count, [4, central.length], [4, offset], [2, 0]);
  return Buffer.concat([...locals, central, end]);
}

/** Little-endian fields: [bytes, value]. */
function numbers(...fields: [bytes: number, value: number][]): Buffer {
  const buffer = Buffer.alloc(fields.reduce((length, [bytes]) => length + bytes, 0));
  let at = 0;
  for (const [bytes, value] of fields) at = buffer.writeUIntLE(value, at, bytes);
  return buffer;
}
