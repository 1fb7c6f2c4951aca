/**
 * MNIST, Fashion-MNIST and KMNIST share file names, sizes and layout; only the content tells them apart. CRC-32 of
 * the first bytes after the header of each published file, unpacked: 65,536 of images, 4,096 of labels.
 */
import { crc32 } from './formats/crc32.ts';
import type { SplitName } from '../core/dataset.ts';
import type { FileDatasetId } from './catalogue.ts';

export interface Published {
  readonly id: FileDatasetId;
  readonly split: SplitName;
  readonly kind: 'images' | 'labels';
}

const prefixBytes = { images: 65_536, labels: 4_096 } as const;

/** Bytes after the header that `identify` wants to see at most. */
export const FINGERPRINT_BYTES = prefixBytes.images;

const known: readonly (readonly [crc: number, FileDatasetId, SplitName, Published['kind']])[] = [
  [0xc938df6e, 'mnist', 'train', 'images'],
  [0xe3f2e19b, 'mnist', 'train', 'labels'],
  [0xc0cd39f2, 'mnist', 'test', 'images'],
  [0x8a94377f, 'mnist', 'test', 'labels'],
  [0xcb6ed2fc, 'fashion-mnist', 'train', 'images'],
  [0x7b77ff57, 'fashion-mnist', 'train', 'labels'],
  [0x2d9b284c, 'fashion-mnist', 'test', 'images'],
  [0xb9697e7d, 'fashion-mnist', 'test', 'labels'],
  [0x71217c1e, 'kmnist', 'train', 'images'],
  [0x5bfcd16a, 'kmnist', 'train', 'labels'],
  [0x37b72e98, 'kmnist', 'test', 'images'],
  [0x8306542b, 'kmnist', 'test', 'labels'],
];

/**
 * Which published file has this content after its header, or begins with it; null for any other.
 * @param content from the first pixel or label on; more than the fingerprinted bytes is ignored.
 */
export function identify(content: Uint8Array, kind: Published['kind']): Published | null {
  if (content.length < prefixBytes[kind]) return null;
  const crc = crc32(content.subarray(0, prefixBytes[kind]));
  const match = known.find((entry) => entry[0] === crc && entry[3] === kind);
  return match ? { id: match[1], split: match[2], kind } : null;
}
