/** The room Skills for the README: a file that was read in, what the dry run made of it, and the audit log of the run. */
import { send } from '../../test/e2e/support/diagnosis.ts';
import { Extension } from '../../test/e2e/support/extension.ts';
import { LOOPBACK } from '../../test/e2e/support/launch.ts';
import { shoot } from '../../test/e2e/support/look.ts';
import { button, FROM, openRoom, planned, run, skilled, skillId, TO, V2_COLUMNS } from '../../test/e2e/support/skills.ts';
import { words } from '../../test/e2e/support/words.ts';
import { startTenant } from '../../test/tenant/tenant.ts';

const AGENTS = 120;
const ROUTED = ['Billing', 'Chat'];
/** No active strategy uses it: rows that the dry run refuses. */
const UNROUTED = 'Sales';

/** @param pathOf where the picture of a name and a colour scheme goes */
export async function shootSkills(pathOf: (name: string) => (scheme: string) => string, width: number): Promise<void> {
  const tenant = await startTenant({ agents: AGENTS });
  const extension = await Extension.launch({ grant: [LOOPBACK] });
  try {
    const page = await skilled(extension, tenant);
    const rows = tenant.sim.agents.map(({ person: { id } }, index) => ({
      line: index + 2,
      userId: id,
      skillId: skillId(tenant, index % 11 === 0 ? UNROUTED : (ROUTED[index % 2] ?? '')),
      held: { level: 1 + (index % 5), availableFromAt: FROM, availableToAt: TO, active: true },
    }));

    const lines = rows.map(({ userId, skillId: skill, held }, index) =>
      // Every thirtieth is wrong in a way of its own.
      [index % 30 === 7 ? '' : userId, skill, index % 30 === 17 ? 7 : held.level, index % 30 === 27 ? 'soon' : FROM, TO].join(
        ',',
      ),
    );
    await page.getByLabel(words('skills_in_chooseFile')).setInputFiles({
      name: 'spring-levels.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from([V2_COLUMNS.join(','), ...lines].join('\r\n')),
    });
    await button(page, 'skills_in_saveBad').waitFor();
    await shoot(page, pathOf('skills-file'), { width, height: 800 });

    const id = await planned(extension, page, rows, 'spring-levels.csv');
    await openRoom(extension, page, { tab: 'batch', batch: id });
    await button(page, 'skills_batch_suggest').click();
    await button(page, 'skills_batch_takeAll').waitFor();
    await shoot(page, pathOf('skills-batch'), { width, height: 800 });

    await run(extension, page, id);
    await send(page, 'verifyAudit', {});
    await openRoom(extension, page, { tab: 'audit' });
    await button(page, 'skills_audit_verify').click();
    await page.getByRole('row').nth(6).waitFor();
    await shoot(page, pathOf('skills-audit'), { width, height: 800 });
  } finally {
    await extension.close();
    await tenant.close();
  }
}
