// Files and folders dropped anywhere on the page are added; so are those
// chosen with the fields, for whoever cannot or will not drag.
import { signal } from '@preact/signals'
import { at } from '../api/http'
import { say } from '../parts/toast'
import { busy, enqueue } from './jobs'
import { parcelsOfDrop, parcelsOfFiles } from './walk'

const over = signal(false)
let depth = 0

/// The bucket that the shown page stands for, so that a drop on it lands there.
export const dropBucket = signal('')

function hasFiles(e: DragEvent): boolean {
  return !!e.dataTransfer && [...e.dataTransfer.types].includes('Files')
}

async function onDrop(e: DragEvent): Promise<void> {
  if (!hasFiles(e)) return
  e.preventDefault()
  depth = 0
  over.value = false
  if (at.peek() !== null) return say('This is a past revision. Come back to now to add files.', true)
  try {
    enqueue(await parcelsOfDrop(e.dataTransfer!), dropBucket.peek())
  } catch (problem) {
    say(`The browser could not read what was dropped: ${(problem as Error).message}`, true)
  }
}

export function listenToDrops(): void {
  addEventListener('dragenter', (e) => {
    if (!hasFiles(e)) return
    depth++
    over.value = true
  })
  addEventListener('dragleave', (e) => {
    if (hasFiles(e) && --depth <= 0) over.value = false
  })
  addEventListener('dragover', (e) => hasFiles(e) && e.preventDefault())
  addEventListener('drop', (e) => void onDrop(e))
  addEventListener('beforeunload', (e) => busy() && e.preventDefault())
}

export function DropVeil() {
  if (!over.value) return null
  return (
    <div class="veil" aria-hidden="true">
      <p>Let go to add it{dropBucket.value ? ` to the bucket ${dropBucket.value}` : ''}</p>
      <p class="quiet">Each file or folder becomes one content.</p>
    </div>
  )
}

export function choose(folder: boolean): void {
  const field = document.createElement('input')
  field.type = 'file'
  field.multiple = true
  if (folder) field.webkitdirectory = true
  field.addEventListener('change', () => enqueue(parcelsOfFiles([...(field.files ?? [])]), dropBucket.peek()))
  field.click()
}

export function AddButtons() {
  if (at.value !== null) return null
  return (
    <span class="add">
      <button type="button" class="primary" onClick={() => choose(false)}>Add files</button>
      <button type="button" onClick={() => choose(true)}>Add a folder</button>
    </span>
  )
}
