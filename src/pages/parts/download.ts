/** Gives the user a file to keep. Must be called by a click, or soon after one. */
export function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Chrome has taken hold of it by the end of the click.
  setTimeout(() => URL.revokeObjectURL(url));
}
