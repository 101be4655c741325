// Light or dark: the system's choice, or the person's, kept in this browser.
import { computed, effect, signal } from '@preact/signals'

type Choice = 'light' | 'dark' | ''

const key = 'weir.scheme'
const system = matchMedia('(prefers-color-scheme: dark)')
const systemDark = signal(system.matches)
system.addEventListener('change', (e) => (systemDark.value = e.matches))

function stored(): Choice {
  try {
    const value = localStorage.getItem(key)
    return value === 'light' || value === 'dark' ? value : ''
  } catch {
    return '' // storage may be forbidden; the system's choice is then the only one
  }
}

const choice = signal<Choice>(stored())
export const scheme = computed(() => choice.value || (systemDark.value ? 'dark' : 'light'))

export function turnScheme(): void {
  choice.value = scheme.peek() === 'dark' ? 'light' : 'dark'
  try {
    localStorage.setItem(key, choice.value)
  } catch {
    // kept for this page only
  }
}

effect(() => {
  document.documentElement.dataset.scheme = scheme.value
})
