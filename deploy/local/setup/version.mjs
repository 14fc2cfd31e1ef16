import { findOnPath, outputOf } from './program.mjs';

/**
 * Versions as lists of numbers that can be compared: `v2.15.2` → [2, 15, 2]. MinIO has none but a date, which stands in
 * `RELEASE.2025-09-07T16-13-09Z` as in the pseudo-version `v0.0.0-20260212201848-…`: → [20260212201848].
 */
export function parseVersion(text) {
  const release = /RELEASE\.(\d{4})-(\d\d)-(\d\d)T(\d\d)-(\d\d)-(\d\d)Z/.exec(text);
  if (release !== null) {
    return [Number(release.slice(1).join(''))];
  }
  const pseudo = /v\d+\.\d+\.\d+-(?:[\w.]+\.)?(\d{14})-[0-9a-f]{12}/.exec(text);
  if (pseudo !== null) {
    return [Number(pseudo[1])];
  }
  const plain = /v?(\d+)\.(\d+)\.(\d+)(?!\d)/.exec(text);
  return plain === null ? null : plain.slice(1).map(Number);
}

/** New enough: not older than the pinned one, and of the same major version. */
export function isNewEnough(found, pinned) {
  if (found === null || found.length !== pinned.length) {
    return false;
  }
  if (pinned.length > 1 && found[0] !== pinned[0]) {
    return false;
  }
  const at = pinned.findIndex((number, i) => found[i] !== number);
  return at === -1 || found[at] > pinned[at];
}

/** A program of `go install` may say `DEVELOPMENT.GOGET`; then what `go` has written into it tells. */
export function versionOf(path) {
  const said = outputOf(path, ['--version']) ?? '';
  if (!said.includes('DEVELOPMENT')) {
    return parseVersion(said);
  }
  const built = findOnPath('go') === null ? null : outputOf('go', ['version', '-m', path]);
  const module = /^\s*mod\s+\S+\s+(\S+)/m.exec(built ?? '');
  return module === null ? null : parseVersion(module[1]);
}
