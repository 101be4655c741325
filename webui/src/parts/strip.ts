/// On a narrow screen pages and tabs are strips: the one that is open is in the middle.
export function showCurrent(selector: string): void {
  const strip = document.querySelector(selector)
  const current = strip?.querySelector('[aria-current]')
  if (!current || !strip) return
  const [a, b] = [current.getBoundingClientRect(), strip.getBoundingClientRect()]
  strip.scrollLeft += a.left + a.width / 2 - (b.left + b.width / 2)
}
