// The keyboard of the whole dashboard. Lists bring their own arrows.
import { signal } from '@preact/signals'
import { at } from '../api/http'
import { go } from '../routes'
import { copy, say } from './toast'

export const places: [letter: string, path: string, name: string][] = [
  ['o', '/', 'Overview'],
  ['f', '/files', 'Files'],
  ['b', '/buckets', 'Buckets'],
  ['p', '/pieces', 'Pieces'],
  ['d', '/deals', 'Deals'],
  ['r', '/providers', 'Providers'],
  ['i', '/ffs', 'FFS'],
  ['e', '/events', 'Events'],
  ['n', '/node', 'Node'],
]

export const others: [keys: string, what: string][] = [
  ['/', 'search'],
  ['↑ ↓', 'move in a list; Home, End, Page Up and Page Down too'],
  ['Enter', 'open what is marked'],
  ['c', 'copy the CID that is marked, or that of the page'],
  ['u', 'add files'],
  ['t', 'light or dark'],
  ['Esc', 'close, leave a field, come back from the past'],
  ['?', 'this list'],
]

export const helpOpen = signal(false)
/// What single letters do beyond going somewhere; filled by the shell.
export const actions: Record<string, () => void> = {}

const waitForLetter = 1500
let pendingUntil = 0

function inField(target: EventTarget | null): boolean {
  const e = target as HTMLElement | null
  return !!e?.closest?.('input, textarea, select, [contenteditable]')
}

function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>('[data-search]')
  field?.focus()
  field?.select()
}

function copyCid(): void {
  const active = document.activeElement as HTMLElement | null
  const row = active?.closest('.tr') ?? active
  const found = row?.matches('[data-cid]') ? row : row?.querySelector('[data-cid]')
  const cid = (found ?? document.querySelector('main [data-cid]'))?.getAttribute('data-cid')
  if (cid) void copy(cid)
  else say('There is no CID here to copy.')
}

/// Into the first row of the page's list, when an arrow is pressed outside of one.
function enterList(): boolean {
  const row = document.querySelector<HTMLElement>('main .grid .tr[tabindex="0"]')
  row?.focus()
  return !!row
}

function onKey(e: KeyboardEvent): void {
  if (e.ctrlKey || e.metaKey || e.altKey || document.querySelector('dialog[open]')) return
  if (inField(e.target)) {
    if (e.key === 'Escape') (e.target as HTMLElement).blur()
    return
  }
  if (performance.now() < pendingUntil) {
    pendingUntil = 0
    const place = places.find(([letter]) => letter === e.key)
    if (place) {
      e.preventDefault()
      return go(place[1])
    }
  }
  if (e.key === 'g') pendingUntil = performance.now() + waitForLetter
  else if (e.key === '/') focusSearch()
  else if (e.key === '?') helpOpen.value = true
  else if (e.key === 'c') copyCid()
  else if (e.key === 'Escape' && at.peek() !== null) at.value = null
  else if (e.key in actions) actions[e.key]()
  else if (e.key !== 'ArrowDown' || (document.activeElement as HTMLElement)?.closest('.tr, [role=menu]') || !enterList()) return
  e.preventDefault()
}

export function listenToKeys(): void {
  addEventListener('keydown', onKey)
}
