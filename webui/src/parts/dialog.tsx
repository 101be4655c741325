// A question over the page, on the browser's own dialog: focus stays inside,
// Escape closes, the page behind cannot be reached meanwhile.
import { signal } from '@preact/signals'
import type { ComponentChildren, VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

const open = signal<VNode | null>(null)

export function ask(dialog: VNode): void {
  open.value = dialog
}

export function closeDialog(): void {
  open.value = null
}

export function DialogRoom() {
  return open.value
}

export function Dialog({ title, children, wide = false }: { title: string; children: ComponentChildren; wide?: boolean }) {
  const element = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null
    element.current?.showModal()
    return () => before?.focus?.()
  }, [])
  return (
    <dialog ref={element} class={wide ? 'wide' : ''} aria-label={title} onClose={closeDialog} onClick={(e) => e.target === element.current && closeDialog()}>
      <div class="sheet">
        <header>
          <h2>{title}</h2>
          <button type="button" class="text" aria-label="Close" onClick={closeDialog}>
            close
          </button>
        </header>
        {children}
      </div>
    </dialog>
  )
}
