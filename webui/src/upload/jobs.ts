// Uploads under way: an upload is opened, its files are sent four at a time,
// then it is committed and becomes a content. A cancelled one is taken back.
import { signal } from '@preact/signals'
import { ApiError, base, errorOf, escapePath, locked, send } from '../api/http'
import type { Content } from '../api/types'
import type { Parcel, Source } from './walk'

export interface Job {
  key: number
  name: string
  files: number
  filesDone: number
  bytes: number
  sent: number
  startedAt: number
  state: 'waiting' | 'sending' | 'closing' | 'done' | 'failed' | 'cancelled'
  problem: string
  content: string
}

export const jobs = signal<Job[]>([])

const parallel = 4
const controls = new Map<number, { abort: AbortController; parcel: Parcel; bucket: string }>()
let nextKey = 1
let tail: Promise<void> = Promise.resolve()

function change(key: number, part: Partial<Job>): void {
  jobs.value = jobs.value.map((j) => (j.key === key ? { ...j, ...part } : j))
}

function jobOf(key: number): Job | undefined {
  return jobs.peek().find((j) => j.key === key)
}

/// PUT with progress: only XMLHttpRequest tells how much has gone out.
function put(url: string, file: File, abort: AbortSignal, progress: (sent: number) => void): Promise<void> {
  return new Promise((ok, no) => {
    const request = new XMLHttpRequest()
    request.open('PUT', url)
    request.setRequestHeader('Content-Type', 'application/octet-stream')
    request.upload.onprogress = (e) => progress(e.loaded)
    request.onload = async () => {
      if (request.status >= 200 && request.status < 300) return ok()
      if (request.status === 401) locked.value = true
      no(await errorOf(new Response(request.responseText, { status: request.status })))
    }
    request.onerror = () => no(new ApiError(0, 'io', `${file.name} could not be sent: the node did not answer, or the file changed or cannot be read.`))
    request.onabort = () => no(new DOMException('cancelled', 'AbortError'))
    abort.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}

async function sendFiles(key: number, upload: string, files: Source[], abort: AbortController): Promise<void> {
  const sent = new Map<string, number>()
  const queue = [...files]
  const report = () => change(key, { sent: [...sent.values()].reduce((a, b) => a + b, 0) })
  let drawn = 0
  const one = async (): Promise<void> => {
    for (let source = queue.shift(); source; source = queue.shift()) {
      const { path, file } = source
      await put(`${base}/uploads/${upload}/files/${escapePath(path)}`, file, abort.signal, (n) => {
        sent.set(path, Math.min(n, file.size))
        if (performance.now() - drawn < 100) return
        drawn = performance.now()
        report()
      })
      sent.set(path, file.size)
      change(key, { filesDone: (jobOf(key)?.filesDone ?? 0) + 1 })
      report()
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(parallel, files.length) }, one))
  } catch (e) {
    abort.abort()
    throw e
  }
}

async function run(key: number): Promise<void> {
  const control = controls.get(key)
  if (!control || jobOf(key)?.state !== 'waiting') return
  const { parcel, bucket, abort } = control
  let upload = ''
  change(key, { state: 'sending', startedAt: Date.now(), sent: 0, filesDone: 0, problem: '' })
  try {
    const made = await send<{ id: string }>('POST', '/uploads', { name: parcel.name, ...(bucket ? { bucket } : {}) })
    upload = made.id
    await sendFiles(key, upload, parcel.files, abort)
    for (const path of parcel.folders) await send('POST', `/uploads/${upload}/folders`, { path })
    change(key, { state: 'closing' })
    const content = await send<Content>('POST', `/uploads/${upload}/commit`)
    change(key, { state: 'done', content: content?.id ?? '' })
    clearLater()
  } catch (e) {
    if (upload) await send('DELETE', `/uploads/${upload}`).catch(() => {})
    if (jobOf(key)?.state === 'cancelled') return
    change(key, { state: 'failed', problem: e instanceof Error ? e.message : String(e) })
  }
}

export function enqueue(parcels: Parcel[], bucket = ''): void {
  for (const parcel of parcels) {
    const key = nextKey++
    const bytes = parcel.files.reduce((sum, f) => sum + f.file.size, 0)
    controls.set(key, { abort: new AbortController(), parcel, bucket })
    const job: Job = {
      key, name: parcel.name, files: parcel.files.length, filesDone: 0, bytes, sent: 0, startedAt: 0,
      state: 'waiting', problem: '', content: '',
    }
    if (parcel.files.length === 0) job.state = 'failed'
    if (parcel.files.length === 0) job.problem = 'There is no file in it, and an empty folder holds nothing to keep.'
    jobs.value = [...jobs.value, job]
    tail = tail.then(() => run(key))
  }
}

export function cancel(key: number): void {
  change(key, { state: 'cancelled' })
  controls.get(key)?.abort.abort()
}

export function again(key: number): void {
  const control = controls.get(key)
  if (!control) return
  control.abort = new AbortController()
  change(key, { state: 'waiting', problem: '' })
  tail = tail.then(() => run(key))
}

const goneAfter = 8000

/// The panel goes by itself when all went well and nothing is left to read.
function clearLater(): void {
  setTimeout(() => {
    if (!busy() && jobs.peek().every((j) => j.state === 'done')) clearEnded()
  }, goneAfter)
}

export function clearEnded(): void {
  const stays = (j: Job) => j.state === 'waiting' || j.state === 'sending' || j.state === 'closing'
  for (const j of jobs.value) if (!stays(j)) controls.delete(j.key)
  jobs.value = jobs.value.filter(stays)
}

export function busy(): boolean {
  return jobs.peek().some((j) => j.state === 'waiting' || j.state === 'sending' || j.state === 'closing')
}
