/** Where a download or an archive stops being believed. */
export interface Limits {
  /** Of one artifact, packed or unpacked. */
  readonly bytes: number;
  /** Files and folders in one archive. */
  readonly entries: number;
  /** How many times its packed size an archive may grow to, once it is larger than `ratioFrom`. */
  readonly ratio: number;
  readonly ratioFrom: number;
}

const mebibyte = 1024 * 1024;

export const usualLimits: Limits = {
  bytes: 20 * 1024 * mebibyte,
  entries: 500_000,
  ratio: 200,
  ratioFrom: 256 * mebibyte,
};
