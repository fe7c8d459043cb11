// Prints every date from argv[3] to argv[4] with 1 for a working day and 0 for
// a day off, as the npm package chinese-days has it. argv[2] is the
// node_modules folder that holds the package.
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const [folder, first, last] = process.argv.slice(2);
const { isWorkday } = createRequire(join(resolve(folder), '_'))('chinese-days');

for (const day = new Date(`${first}T00:00:00Z`); ; day.setUTCDate(day.getUTCDate() + 1)) {
  const date = day.toISOString().slice(0, 10);
  if (date > last) break;
  console.log(date, isWorkday(date) ? 1 : 0);
}
