/* The page's script, packed: a browser takes it apart, and runs it as the module that it is. */
const packed = Uint8Array.from(atob("PACKED"), (letter) => letter.charCodeAt(0));
const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
const module = await new Response(unpacked, { headers: { "Content-Type": "text/javascript" } }).blob();
await import(URL.createObjectURL(module));
