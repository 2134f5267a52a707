/** What a release changes: the version in two files, and the changelog. Texts in, texts out. */
import semver from "semver";

/** Heading of what is not released yet. */
const UNRELEASED = "## [Unreleased]";

/**
 * Checks the version of a release: that of package.json if it was never tagged, otherwise a later one.
 *
 * @throws Error that says what was expected.
 */
export function checkVersion(version: string, current: string, tags: readonly string[]): void {
  if (semver.valid(version) !== version) throw new Error(`"${version}" is no version; expected one such as 1.2.3.`);
  if (tags.includes(`v${version}`)) throw new Error(`v${version} is tagged already; expected a later version.`);
  const first = version === current;
  if (!first && !semver.gt(version, current)) {
    throw new Error(`${version} is not later than ${current}, which package.json has.`);
  }
}

/** package.json or package-lock.json with another version of the package itself; everything else stays as it is. */
export function withVersion(text: string, version: string): string {
  const { version: old, packages } = JSON.parse(text) as {
    version: string;
    packages?: { ""?: { version: string } };
  };
  const places = packages?.[""] ? 2 : 1;
  let changed = 0;
  // In both files the package's own versions stand before any other.
  return text.replaceAll(`"version": "${old}"`, (found) =>
    ++changed > places ? found : `"version": "${version}"`,
  );
}

/**
 * The changelog with what was unreleased under a version and a date, and nothing unreleased.
 *
 * @throws Error where nothing is unreleased, or the version has a heading already.
 */
export function released(changelog: string, version: string, date: string): string {
  if (changelog.includes(`## [${version}]`)) throw new Error(`CHANGELOG.md has ${version} already.`);
  const [before, after] = changelog.split(`${UNRELEASED}\n`);
  if (after === undefined) throw new Error(`CHANGELOG.md has no heading "${UNRELEASED}".`);
  const [changes] = after.split(/^## \[/m);
  if (!/^- /m.test(changes!)) throw new Error(`CHANGELOG.md says nothing under "${UNRELEASED}".`);
  return `${before}${UNRELEASED}\n\n## [${version}] - ${date}\n${after}`;
}
