/** The k-th smallest of some numbers without sorting them all: Hoare's selection, some three passes over what is left. */
type Numbers = Float32Array | Float64Array;

/**
 * Reorders numbers in place so that the one at `k` is where sorting would put it, nothing before it is greater and nothing
 * after it is less; none may be NaN.
 * @returns the number at `k`, 0 ≤ k < length.
 */
export function select(numbers: Numbers, k: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const pivot = middleOf(numbers[low]!, numbers[(low + high) >> 1]!, numbers[high]!);
    let i = low;
    let j = high;
    // Equal ones are swapped too: many ties stay split in halves.
    while (i <= j) {
      while (numbers[i]! < pivot) i++;
      while (numbers[j]! > pivot) j--;
      if (i > j) break;
      const left = numbers[i]!;
      numbers[i++] = numbers[j]!;
      numbers[j--] = left;
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  return numbers[k]!;
}

const middleOf = (a: number, b: number, c: number): number =>
  a < b ? (b < c ? b : a < c ? c : a) : a < c ? a : b < c ? c : b;
