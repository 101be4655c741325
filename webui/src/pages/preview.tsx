// A look at a file without leaving the page. The node hands out what
// strangers stored only as an attachment, so the page reads the bytes itself
// and shows nothing but plain text and the pictures a browser decodes safely.
import { useEffect, useState } from 'preact/hooks'
import { base, getBytes } from '../api/http'
import { Dialog } from '../parts/dialog'
import { bytes } from '../words/amounts'

const textLimit = 64 * 1024
const pictureLimit = 16 * 1024 * 1024
const pictures: Record<string, string> = {
  png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp', avif: 'image/avif',
}

type Shown = { kind: 'text'; text: string } | { kind: 'picture'; url: string } | { kind: 'none'; why: string }

async function look(name: string, size: number, path: string): Promise<Shown> {
  const mime = pictures[name.split('.').pop()?.toLowerCase() ?? '']
  if (mime && size <= pictureLimit) {
    const body = await (await getBytes(path)).arrayBuffer()
    return { kind: 'picture', url: URL.createObjectURL(new Blob([body], { type: mime })) }
  }
  if (size === 0) return { kind: 'none', why: 'The file is empty.' }
  const body = new Uint8Array(await (await getBytes(path, [0, Math.min(size, textLimit) - 1])).arrayBuffer())
  if (body.includes(0)) return { kind: 'none', why: 'It is not text; download it to look at it.' }
  return { kind: 'text', text: new TextDecoder().decode(body) }
}

export function Preview({ name, size, path }: { name: string; size: number; path: string }) {
  const [shown, setShown] = useState<Shown | null>(null)
  useEffect(() => {
    let url = ''
    look(name, size, path)
      .then((s) => {
        if (s.kind === 'picture') url = s.url
        setShown(s)
      })
      .catch((e) => setShown({ kind: 'none', why: (e as Error).message }))
    return () => {
      if (url) URL.revokeObjectURL(url)
    }
  }, [path])
  return (
    <Dialog title={name} wide>
      <div class="preview">
        {shown === null && <p class="waiting">Reading…</p>}
        {shown?.kind === 'text' && <pre tabIndex={0}>{shown.text}</pre>}
        {shown?.kind === 'picture' && <img src={shown.url} alt={name} />}
        {shown?.kind === 'none' && <p>{shown.why}</p>}
      </div>
      <footer>
        <span class="quiet">
          {bytes(size)}
          {shown?.kind === 'text' && size > textLimit ? `, the first ${bytes(textLimit)} are shown` : ''}
        </span>
        <a class="button" href={`${base}${path}?download=1`} download>
          Download
        </a>
      </footer>
    </Dialog>
  )
}
