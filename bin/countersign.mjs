#!/usr/bin/env node
// Plain JavaScript that an old Node can parse: it says what is missing before anything newer is loaded.
var wanted = '24.15';

if (isOlder(process.versions.node, wanted)) {
  process.stderr.write(
    'countersign needs Node ' +
      wanted +
      ' or later and runs on ' +
      process.version +
      ' (' +
      process.execPath +
      '): install a newer Node, or in a checkout use `npm run -s countersign -- …`.\n',
  );
  process.exitCode = 64;
} else {
  import('node:fs')
    .then(function (fs) {
      // A checkout has the sources and runs them as they are; the package has only what was built from them.
      var source = new URL('../src/cli/main.ts', import.meta.url);
      return import(fs.existsSync(source) ? source.href : '../dist/cli/main.js');
    })
    .catch(function (error) {
      process.stderr.write('countersign could not start: ' + ((error && error.stack) || error) + '\n');
      process.exitCode = 70;
    });
}

/**
 * @param {string} version
 * @param {string} limit
 */
function isOlder(version, limit) {
  var major = parseInt(version, 10) - parseInt(limit, 10);
  return major < 0 || (major === 0 && Number(version.split('.')[1]) < Number(limit.split('.')[1]));
}
