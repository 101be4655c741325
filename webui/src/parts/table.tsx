// A table of any length: only the rows that can be seen exist. It scrolls
// with the page, asks for more as its end comes near, and is one stop of the
// Tab key: arrows, Home, End and Page keys move inside it, Enter opens.
import type { ComponentChildren, TargetedKeyboardEvent, TargetedMouseEvent, VNode } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { LiveList } from '../live/list'
import { go } from '../routes'
import { count, plural } from '../words/amounts'
import { park } from './roving'
import { Trouble, Waiting } from './trouble'

export interface Column<T> {
  key: string
  head: string
  /// A track of the grid: "2fr", "96px", "minmax(120px, 1fr)".
  width: string
  cell: (item: T) => ComponentChildren
  right?: boolean
  /// Where it goes when there is no room for columns; left out when not set.
  narrow?: 'main' | 'side' | 'sub' | 'end'
  /// Shown only where there is much room.
  wide?: boolean
}

export interface TableProps<T> {
  list: LiveList<T>
  columns: Column<T>[]
  label: string
  href: (item: T) => string
  tone?: (item: T) => string
  empty: VNode
  command?: string
  things: [one: string, many: string]
}

/// Heights of rows as the styles have them (table.css, wall.css, narrow.css), and how much wider than usual the type is.
interface Measure { row: number; grow: number }
const usual: Measure = { row: 36, grow: 1 }
const large: Measure = { row: 41, grow: 1.15 }
const wall: Measure = { row: 52, grow: 1.45 }
const narrow: Measure = { row: 58, grow: 1 }
const narrowQuery = matchMedia('(max-width: 720px)')
const wideQuery = matchMedia('(min-width: 1440px)')
const largeQuery = matchMedia('(min-width: 2400px)')
const wallQuery = matchMedia('(min-width: 3200px)')
const margin = 12 // rows drawn beyond what is seen

function useMedia(query: MediaQueryList): boolean {
  const [matches, setMatches] = useState(query.matches)
  useEffect(() => {
    const listen = () => setMatches(query.matches)
    query.addEventListener('change', listen)
    return () => query.removeEventListener('change', listen)
  }, [query])
  return matches
}

function useMeasure(): Measure {
  const [isNarrow, isLarge, isWall] = [useMedia(narrowQuery), useMedia(largeQuery), useMedia(wallQuery)]
  return isNarrow ? narrow : isWall ? wall : isLarge ? large : usual
}

/// Columns are measured for the usual type.
function tracks<T>(columns: Column<T>[], grow: number): string {
  const all = columns.map((c) => c.width).join(' ')
  return grow === 1 ? all : all.replace(/(\d+)px/g, (_, n) => `${Math.round(Number(n) * grow)}px`)
}

/// First and last row to draw for where the page is scrolled to.
function useWindow(body: { current: HTMLElement | null }, rows: number, height: number): [number, number] {
  const [range, setRange] = useState<[number, number]>([0, 40])
  useLayoutEffect(() => {
    const measure = () => {
      const top = body.current?.getBoundingClientRect().top ?? 0
      const first = Math.max(0, Math.floor(-top / height) - margin)
      const last = Math.min(rows, Math.ceil((innerHeight - top) / height) + margin)
      setRange((old) => (old[0] === first && old[1] === last ? old : [first, Math.max(first, last)]))
    }
    measure()
    addEventListener('scroll', measure, { passive: true })
    addEventListener('resize', measure)
    return () => {
      removeEventListener('scroll', measure)
      removeEventListener('resize', measure)
    }
  }, [rows, height])
  return range
}

function keyTarget(key: string, index: number, rows: number, page: number): number | null {
  switch (key) {
    case 'ArrowDown': return Math.min(rows - 1, index + 1)
    case 'ArrowUp': return Math.max(0, index - 1)
    case 'PageDown': return Math.min(rows - 1, index + page)
    case 'PageUp': return Math.max(0, index - page)
    case 'Home': return 0
    case 'End': return rows - 1
    default: return null
  }
}

interface RowProps<T> { item: T; index: number; active: boolean; props: TableProps<T>; columns: Column<T>[]; top: number }

function Row<T>({ item, index, active, props, columns, top }: RowProps<T>) {
  const href = props.href(item)
  const open = (e: TargetedMouseEvent<HTMLElement>) => {
    if (!(e.target as HTMLElement).closest('a, button, summary, input, label')) go(href)
  }
  return (
    <div
      role="row"
      class={`tr ${props.tone?.(item) ?? ''}`}
      style={{ transform: `translateY(${top}px)` }}
      tabIndex={active ? 0 : -1}
      data-index={index}
      data-href={href}
      aria-rowindex={index + 2}
      onClick={open}
    >
      {columns.map((c) => (
        <div role="gridcell" key={c.key} class={`td ${c.right ? 'right' : ''} ${c.narrow ? 'n-' + c.narrow : 'n-out'}`}>
          {c.cell(item)}
        </div>
      ))}
    </div>
  )
}

export function Table<T>(props: TableProps<T>) {
  const { list } = props
  const wide = useMedia(wideQuery)
  const columns = wide ? props.columns : props.columns.filter((c) => !c.wide)
  const body = useRef<HTMLDivElement>(null)
  const { row: height, grow } = useMeasure()
  const rows = list.order.length
  const [first, last] = useWindow(body, rows, height)
  const [active, setActive] = useState(0)
  // Keys may come faster than frames: where the next step starts from is not read off the page.
  const aim = useRef<number | null>(null)
  const current = Math.min(active, Math.max(0, rows - 1))
  // Where it is scrolled to: a row that is not drawn cannot be tabbed to.
  const stop = current >= first && current < last ? current : Math.min(rows - 1, first + margin)
  const frame = useRef<HTMLDivElement>(null)
  const focused = useRef(false)
  useEffect(() => {
    // Not by enter and leave of the table itself: browsers lose the leave when what was under the pointer is removed.
    const over = (e: Event) => list.hold('pointer', !!frame.current?.contains(e.target as Node))
    const away = () => list.hold('pointer', false)
    document.addEventListener('pointerover', over)
    document.documentElement.addEventListener('pointerleave', away)
    return () => {
      document.removeEventListener('pointerover', over)
      document.documentElement.removeEventListener('pointerleave', away)
    }
  }, [list])
  useLayoutEffect(() => {
    // The row that had the focus went away: its neighbour takes it.
    if (focused.current && document.activeElement === document.body) aim.current = current
  })
  useLayoutEffect(() => {
    if (aim.current === null) return
    const row = body.current?.querySelector<HTMLElement>(`[data-index="${aim.current}"]`)
    if (!row) return
    aim.current = null
    row.focus({ preventScroll: true })
  })
  useLayoutEffect(() => {
    const drawn = [...(body.current?.querySelectorAll<HTMLElement>('.tr') ?? [])]
    park(drawn, drawn.find((row) => Number(row.dataset.index) === stop) ?? null)
  })

  useEffect(() => {
    if (last > rows - 60 && !list.complete && !list.error) void list.load()
  }, [last, rows, list])

  const focusRow = (index: number) => {
    aim.current = index
    setActive(index)
    const top = (body.current?.getBoundingClientRect().top ?? 0) + index * height
    if (top < 120) scrollBy(0, top - 120)
    else if (top + height > innerHeight - 40) scrollBy(0, top + height - innerHeight + 40)
  }
  const onKey = (e: TargetedKeyboardEvent<HTMLElement>) => {
    const row = (e.target as HTMLElement).closest<HTMLElement>('.tr')
    if (!row || e.ctrlKey || e.metaKey || e.altKey) return
    const index = aim.current ?? Number(row.dataset.index)
    if (e.key === 'Enter' && e.target === row) return go(row.dataset.href!)
    const target = keyTarget(e.key, index, rows, Math.floor(innerHeight / height) - 4)
    if (target === null) return
    e.preventDefault()
    focusRow(target)
  }

  if (list.error && rows === 0) return <Trouble error={list.error} command={props.command} retry={() => void list.load()} />
  if (rows === 0 && list.fresh.length === 0) return list.complete ? props.empty : <Waiting />
  const visible = list.order.slice(first, last)
  return (
    <div
      class="table"
      ref={frame}
      onFocusIn={(e) => {
        focused.current = true
        const row = (e.target as HTMLElement).closest<HTMLElement>('.body > .tr')
        if (row) setActive(Number(row.dataset.index))
        list.hold('focus', true)
      }}
      onFocusOut={() => {
        focused.current = false
        list.hold('focus', false)
      }}
      onKeyDown={onKey}
    >
      <Fresh list={list} things={props.things} />
      <div role="grid" class="grid" aria-label={props.label} aria-rowcount={list.complete ? rows + 1 : -1} ref={(e) => e?.style.setProperty('--columns', tracks(columns, grow))}>
        <div role="row" class="tr head" aria-rowindex={1}>
          {columns.map((c) => (
            <div role="columnheader" key={c.key} class={`td ${c.right ? 'right' : ''}`}>
              {c.head}
            </div>
          ))}
        </div>
        <div class="body" role="rowgroup" ref={body} style={{ height: `${rows * height}px` }}>
          {visible.map((key, i) => {
            const item = list.items.get(key)
            if (!item) return null
            const index = first + i
            return <Row key={key} item={item} index={index} active={index === stop} props={props} columns={columns} top={index * height} />
          })}
        </div>
      </div>
      <p class="quiet foot" role="status">
        {list.error ? list.error.message : list.complete ? plural(rows, ...props.things) : `${count(rows)} loaded, more as you scroll`}
      </p>
    </div>
  )
}

function Fresh<T>({ list, things }: { list: LiveList<T>; things: [string, string] }) {
  if (list.fresh.length === 0) return null
  return (
    <button type="button" class="fresh" onClick={() => list.showFresh()}>
      {plural(list.fresh.length, 'new ' + things[0], 'new ' + things[1])}: show
    </button>
  )
}
