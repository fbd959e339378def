// Plain JavaScript without newer syntax, so that an old Node can say what is wrong instead of failing at the first type.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24) {
  console.error(`pitcrew runs on Node 24 or later; this is ${process.version} (minor ${minor}).`);
  console.error(
    '`npm ci` brings Node 24 along, and npm scripts run on it: `npm run sandbox`, not `node sandbox/main.ts`.',
  );
  console.error(
    'If this came from an npm script, the package "node" has no build for this machine: install Node 24 by hand.',
  );
  process.exit(1);
}
