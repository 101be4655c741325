// A page that is opened begins at its top; one that is come back to is where
// it was left, as soon as its list is long enough again.
const kept = new Map<string, number>()
const mostKept = 50
const patience = 1500

let here = location.hash
let opened = false

function restore(to: number, until: number): void {
  scrollTo(0, to)
  if (Math.abs(scrollY - to) > 2 && performance.now() < until) requestAnimationFrame(() => restore(to, until))
}

function onChange(): void {
  const before = here
  here = location.hash
  // Only the fields of a page changed: it stays where it is.
  if (before.split('?')[0] === here.split('?')[0]) return
  if (opened) scrollTo(0, 0)
  else restore(kept.get(here) ?? 0, performance.now() + patience)
  opened = false
}

/// Called before a page is left by a link or a key, not by the browser's back.
export function leaving(): void {
  opened = true
}

export function keepScroll(): void {
  history.scrollRestoration = 'manual'
  addEventListener('scroll', () => {
    kept.delete(here)
    kept.set(here, scrollY)
    if (kept.size > mostKept) kept.delete(kept.keys().next().value!)
  }, { passive: true })
  addEventListener('click', (e) => (e.target as HTMLElement).closest?.('a[href^="#"]') && leaving(), { capture: true })
  addEventListener('hashchange', onChange)
}
