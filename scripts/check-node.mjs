// Says in one line what to do when an older Node runs this. Plain JavaScript for any Node, and it imports nothing.

const NEEDED = 26;
const major = Number(process.versions.node.split('.')[0]);

if (!(major >= NEEDED)) {
  console.error(
    `This needs Node ${NEEDED} and runs on ${process.versions.node}: run "npm ci" (it installs the project's own Node) and use the npm scripts.`,
  );
  process.exit(1);
}
