// A list of rows is one stop of the Tab key, and what is in its row the next
// ones: links and buttons of the other rows are reached by the arrows first.
const controls = 'a[href], button, input, select, summary'

export function park(rows: Iterable<HTMLElement>, active: HTMLElement | null): void {
  for (const row of rows)
    for (const control of row.querySelectorAll<HTMLElement>(controls)) {
      if (row !== active && !control.hasAttribute('tabindex')) {
        control.tabIndex = -1
        control.dataset.parked = ''
      } else if (row === active && 'parked' in control.dataset) {
        control.removeAttribute('tabindex')
        delete control.dataset.parked
      }
    }
}
