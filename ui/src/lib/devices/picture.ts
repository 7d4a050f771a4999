/** A picture as a PNG that is no larger than paper and wire ask for. */

/** Dots across 80 mm paper. */
const WIDEST = 576;
const TALLEST = 320;
/** What one command carries, in base64. */
const LARGEST = 60_000;

/** The file as a PNG in base64, in shades of grey and made smaller until it fits. */
export async function smallPng(file: Blob): Promise<string> {
  const bitmap = await createImageBitmap(file);
  let scale = Math.min(1, WIDEST / bitmap.width, TALLEST / bitmap.height);
  for (;;) {
    const png = drawn(bitmap, scale);
    if (png.length <= LARGEST || scale * bitmap.width < 64) return png;
    scale *= 0.8;
  }
}

function drawn(bitmap: ImageBitmap, scale: number): string {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser draws no pictures');
  context.filter = 'grayscale(1)';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}
