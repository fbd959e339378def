// A whole world on one machine, to try pitcrew in. usage: npm run sandbox [-- --language zh-TW]
import { parseArgs } from 'node:util';
import { startPitcrew } from './pitcrew.ts';
import { sandboxWorkspace } from './slack/workspace.ts';
import { removeEnvFile, startWorld, writeEnvFile } from './world.ts';

const { values } = parseArgs({
  options: { language: { type: 'string', default: 'en' }, help: { type: 'boolean', short: 'h' } },
});
if (values.help || !['en', 'zh-TW'].includes(values.language)) {
  console.log(
    'usage: npm run sandbox [-- --language en|zh-TW]\nStarts a Slack, a cloud, a cluster, a shop and pitcrew. Ctrl-C ends it all.',
  );
  process.exit(values.help ? 0 : 2);
}

const began = performance.now();
const say = (line: string) => console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${line}`);
const world = await startWorld({ language: values.language === 'zh-TW' ? 'zh-TW' : 'en', say });
let ending = false;
const end = async () => {
  if (ending) return;
  ending = true;
  console.log('\nEverything is being stopped and removed …');
  removeEnvFile(world.env);
  await world.close();
  process.exit(0);
};
process.on('SIGINT', () => void end());
process.on('SIGTERM', () => void end());

say('pitcrew is starting …');
const pitcrew = await startPitcrew(world.household, world.env);
const envFile = writeEnvFile(world.env);
pitcrew.child.once(
  'exit',
  (code) => ending || console.error(`pitcrew ended with ${code}: see ${world.household.folder}/logs`),
);
const { rosa, amir, wei } = sandboxWorkspace.users;
console.log(`
  Slack       ${world.slack?.url}
              Act as ${rosa.realName} in #inc-production and type:

                  /backup snapshot production
                  /backup restore production

              Then act as ${amir.realName} and as ${wei.realName}, and press Approve.
  The shop    takes orders in four pods. Hurt it:  npm run sandbox:hurt -- drop-orders
  Terminals   source ${envFile}
              and use aws, kubectl, psql as with the real thing
  Logs        ${world.household.folder}/logs
  Ctrl-C      ends everything and leaves nothing behind.
`);
