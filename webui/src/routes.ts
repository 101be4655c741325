// The dashboard's own addresses are fragments (#/contents/7?x=y), so that no
// path of the node's API is taken by a page and every page can be linked to.
import { signal } from '@preact/signals'
import { leaving } from './scroll'

export interface Route { parts: string[]; query: URLSearchParams; text: string }

function read(): Route {
  const text = location.hash.replace(/^#/, '') || '/'
  const cut = text.indexOf('?')
  const path = cut < 0 ? text : text.slice(0, cut)
  const parts = path.split('/').filter(Boolean).map(safeDecode)
  return { parts, query: new URLSearchParams(cut < 0 ? '' : text.slice(cut + 1)), text }
}

function safeDecode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export const route = signal<Route>(read())
addEventListener('hashchange', () => (route.value = read()))

export function link(...parts: string[]): string {
  return '#/' + parts.map(encodeURIComponent).join('/')
}

export function go(to: string, replace = false): void {
  const hash = to.startsWith('#') ? to : '#' + to
  if (replace) {
    history.replaceState(null, '', hash)
    route.value = read()
  } else {
    leaving()
    location.hash = hash
  }
}

/// Changes one field of the query without a new entry in the history.
export function setQuery(key: string, value: string): void {
  const { text, query } = route.peek()
  const next = new URLSearchParams(query)
  if (value) next.set(key, value)
  else next.delete(key)
  const path = text.split('?')[0]
  const rest = next.toString()
  go(path + (rest ? '?' + rest : ''), true)
}
