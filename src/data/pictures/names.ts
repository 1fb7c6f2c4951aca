/** Endings of the names of pictures, those that only get a sentence as well. */
export const PICTURE_FILES = /\.(png|jpe?g|jpe|jfif|webp|gif|bmp|avif|heic|heif|tiff?|svg)$/i;

/** Tables of pictures, as the Hugging Face Hub has them. */
export const isParquet = (name: string): boolean => /\.parquet$/i.test(name);
