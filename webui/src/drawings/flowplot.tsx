// The flow: how many bytes passed each gate since the window began, as four
// steps that climb. What lies between two lines is on its way between them.
import { useEffect, useMemo, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import type { Flow } from '../api/types'
import { scheme } from '../parts/theme'
import { bytes } from '../words/amounts'

const lines = [
  { key: 'in', name: 'in', dash: undefined, width: 1.5, colour: '--ink-2' },
  { key: 'packed', name: 'packed', dash: [2, 3], width: 1.5, colour: '--ink-2' },
  { key: 'proposed', name: 'proposed', dash: [7, 3], width: 1.5, colour: '--ink-2' },
  { key: 'active', name: 'active', dash: undefined, width: 2.5, colour: '--water-fill' },
] as const

const labelRoom = 11 // widths of a letter's size
const leastWidth = 240

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

/// Seconds between the names of times, none shorter than the minute that is shown.
const timeSteps = [60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600]

/// Of a label, in pixels: it grows on a wall.
function labelSize(): number {
  return innerWidth >= 3200 ? 17 : 12
}

/// Taller on a tall screen.
const heightNow = () => Math.max(labelSize() * 14, Math.round(innerHeight * 0.16))

/// Names and totals at the line's ends, moved apart where they would cover each other.
function drawNames(u: uPlot): void {
  const ratio = devicePixelRatio
  const last = u.data[0].length - 1
  const rows = lines.map((line, i) => {
    const total = (u.data[i + 1][last] as number) ?? 0
    return { text: `${bytes(total)} ${line.name}`, colour: line.colour, y: u.valToPos(total, 'y', true) }
  })
  rows.sort((a, b) => a.y - b.y)
  const gap = (labelSize() + 3) * ratio
  let limit = u.bbox.top + u.bbox.height
  for (const row of [...rows].reverse()) {
    row.y = Math.min(row.y, limit)
    limit = row.y - gap
  }
  // All at the top: what was pushed out of the picture is pushed back down.
  limit = labelSize() * 0.6 * ratio
  for (const row of rows) {
    row.y = Math.max(row.y, limit)
    limit = row.y + gap
  }
  const x = u.bbox.left + u.bbox.width
  u.ctx.save()
  u.ctx.font = `${labelSize() * ratio}px system-ui, sans-serif`
  u.ctx.textBaseline = 'middle'
  u.ctx.textAlign = 'left'
  for (const row of rows) {
    u.ctx.fillStyle = row.colour === '--water-fill' ? colour('--water') : colour('--ink')
    u.ctx.fillText(row.text, x + 10 * ratio, row.y)
  }
  u.ctx.restore()
}

function options(width: number): uPlot.Options {
  const axis = { stroke: () => colour('--ink-2'), grid: { show: false }, font: `${labelSize()}px system-ui, sans-serif` }
  const ticks = { stroke: () => colour('--line-2'), width: 1, size: 4 }
  const stepped = uPlot.paths.stepped!({ align: 1 })
  return {
    width,
    height: heightNow(),
    padding: [labelSize(), labelRoom * labelSize(), 0, 1.5 * labelSize()],
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_u, _min, max) => [0, Math.max(1, max * 1.02)] } },
    axes: [
      { ...axis, ticks, size: 2.2 * labelSize(), space: 7.5 * labelSize(), incrs: timeSteps, values: (_u, times) => times.map((t) => new Date(t * 1000).toTimeString().slice(0, 5)) },
      { show: false },
    ],
    series: [
      {},
      ...lines.map((line) => ({
        label: line.name,
        stroke: () => colour(line.colour),
        width: line.width,
        dash: line.dash ? [...line.dash] : undefined,
        points: { show: false },
        paths: stepped,
      })),
    ],
    hooks: { draw: [drawNames] },
  }
}

const leastSlots = 10

/// Without the time before anything flowed, which says nothing.
export function cropped(flow: Flow): Flow {
  const all = Object.values(flow.series)
  const n = flow.series.in.length
  const first = Math.min(...all.map((v) => v.findIndex((x) => x > 0)).map((i) => (i < 0 ? n : i)))
  const cut = first === n ? 0 : Math.max(0, Math.min(first - 2, n - leastSlots))
  const cutOff = (v: number[]) => v.slice(cut)
  const { series } = flow
  return {
    step: flow.step,
    from: flow.from + cut * flow.step * (flow.from > 1e11 ? 1000 : 1),
    series: { in: cutOff(series.in), packed: cutOff(series.packed), proposed: cutOff(series.proposed), active: cutOff(series.active) },
  }
}

function dataOf(flow: Flow): uPlot.AlignedData {
  const n = flow.series.in.length
  const start = flow.from > 1e11 ? flow.from / 1000 : flow.from
  const xs = Array.from({ length: n }, (_, i) => start + (i + 1) * flow.step)
  const climbing = (values: number[]) => {
    let sum = 0
    return Array.from({ length: n }, (_, i) => (sum += values[i] ?? 0))
  }
  return [xs, ...lines.map((line) => climbing(flow.series[line.key]))]
}

export function FlowPlot({ flow: whole }: { flow: Flow }) {
  const flow = useMemo(() => cropped(whole), [whole])
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const theme = scheme.value
  useEffect(() => {
    const element = box.current!
    const widthNow = () => Math.max(leastWidth, element.clientWidth)
    const u = new uPlot(options(widthNow()), dataOf(flow), element)
    plot.current = u
    const observer = new ResizeObserver(() => u.setSize({ width: widthNow(), height: heightNow() }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      u.destroy()
    }
  }, [theme])
  useEffect(() => plot.current?.setData(dataOf(flow)), [flow])
  const total = (key: keyof Flow['series']) => flow.series[key].reduce((a, b) => a + b, 0)
  const words = lines.map((l) => `${bytes(total(l.key))} ${l.name}`).join(', ')
  return <div class="plot" ref={box} role="img" aria-label={`Bytes that passed each gate: ${words}`} />
}
