/** Networks that are one file, by their names. */

/** Whether a file is a whole network by its name, as ONNX's and Keras's are. */
export const isSingleFile = (name: string): boolean => /\.(onnx|keras|h5|hdf5)$/i.test(name);

/** The name of such a file without its ending: what its card is called after. */
export const stemOf = (name: string): string => name.replace(/\.(onnx|keras|h5|hdf5)$/i, '');
