/** A photo made smaller on the phone, before it waits for coverage: at most LONGEST pixels a side, as JPEG. */

const LONGEST = 1600;
const QUALITY = 0.8;

/** The smaller photo, or the file as it is where the browser can not draw it (the server makes it anew in any case). */
export async function shrunk(file) {
  try {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    const share = Math.min(1, LONGEST / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * share);
    canvas.height = Math.round(image.height * share);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    return (await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY))) ?? file;
  } catch {
    return file;
  }
}
