/** Where a download or an archive stops being believed. */
export interface ArchiveLimits {
  /** Of one artifact, packed or unpacked. */
  readonly bytes: number;
  /** Files and folders in one archive. */
  readonly entries: number;
  /** How many times its packed size an archive may grow to, once it is larger than `ratioFrom`. */
  readonly ratio: number;
  readonly ratioFromBytes: number;
}

const mebibyte = 1024 * 1024;

export const defaultLimits: ArchiveLimits = {
  bytes: 20 * 1024 * mebibyte,
  entries: 500_000,
  ratio: 200,
  ratioFromBytes: 256 * mebibyte,
};
