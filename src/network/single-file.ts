/** Files of networks, by their names and size. */

/** Most bytes of one file of a network that is opened. */
export const MOST_FILE_BYTES = 2 ** 30;

/** Whether a file is a whole network by its name, as ONNX's and Keras's are. */
export const isSingleFile = (name: string): boolean => /\.(onnx|keras|h5|hdf5)$/i.test(name);

/** Whether a file is a network of a kind that is not read, by its name. */
export const isOtherNetwork = (name: string): boolean =>
  /\.(tflite|pb|safetensors|ckpt|mlmodel|caffemodel|ort)$/i.test(name);

/** The name of a whole network without its ending: what its card is called after. */
export const stemOf = (name: string): string => name.replace(/\.(onnx|keras|h5|hdf5)$/i, '');
