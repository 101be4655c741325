// The flow of the last hour: four thin lines, each named at its end.
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import type { Flow } from '../api/types'
import { bytes, rate } from '../words/amounts'
import { scheme } from '../parts/theme'

const lines = [
  { key: 'in', name: 'in', dash: undefined, width: 1 },
  { key: 'packed', name: 'packed', dash: [2, 3], width: 1 },
  { key: 'proposed', name: 'proposed', dash: [6, 3], width: 1 },
  { key: 'active', name: 'active', dash: undefined, width: 2 },
] as const

const height = 168
const labelRoom = 74

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

function strokeOf(i: number): string {
  return colour(i === 3 ? '--water' : i === 0 ? '--ink' : '--ink-2')
}

/// Names at the line's ends, moved apart where they would cover each other.
function drawNames(u: uPlot): void {
  const ratio = devicePixelRatio
  const last = u.data[0].length - 1
  const rows = lines.map((line, i) => ({ line, i, y: u.valToPos((u.data[i + 1][last] as number) ?? 0, 'y', true) }))
  rows.sort((a, b) => a.y - b.y)
  const gap = 14 * ratio
  const bottom = u.bbox.top + u.bbox.height
  for (let i = rows.length - 1; i >= 0; i--) {
    const limit = i === rows.length - 1 ? bottom : rows[i + 1].y - gap
    rows[i].y = Math.min(rows[i].y, limit)
  }
  u.ctx.save()
  u.ctx.font = `${12 * ratio}px system-ui, sans-serif`
  u.ctx.textBaseline = 'middle'
  for (const { line, i, y } of rows) {
    u.ctx.fillStyle = strokeOf(i)
    u.ctx.fillText(line.name, u.bbox.left + u.bbox.width + 8 * ratio, y)
  }
  u.ctx.restore()
}

function options(width: number): uPlot.Options {
  const axis = { stroke: () => colour('--ink-2'), grid: { show: false }, ticks: { show: false }, font: '12px system-ui, sans-serif' }
  return {
    width,
    height,
    padding: [10, labelRoom, 0, 4],
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { show: false }, y: false },
    scales: { y: { range: (_u, _min, max) => [0, Math.max(1, max * 1.08)] } },
    axes: [
      { ...axis, size: 24, space: 70, values: (_u, ticks) => ticks.map((t) => new Date(t * 1000).toTimeString().slice(0, 5)) },
      { ...axis, size: 66, space: 48, values: (_u, ticks) => ticks.map((t, i) => (t === 0 && i > 0 ? '' : rate(t))) },
    ],
    series: [
      {},
      ...lines.map((line, i) => ({
        label: line.name,
        stroke: () => strokeOf(i),
        width: line.width,
        dash: line.dash ? [...line.dash] : undefined,
        points: { show: false },
      })),
    ],
    hooks: { draw: [drawNames] },
  }
}

function dataOf(flow: Flow): uPlot.AlignedData {
  const n = flow.series.in.length
  const start = flow.from > 1e11 ? flow.from / 1000 : flow.from
  const xs = Array.from({ length: n }, (_, i) => start + i * flow.step)
  const perSecond = (values: number[]) => Array.from({ length: n }, (_, i) => (values[i] ?? 0) / Math.max(1, flow.step))
  return [xs, ...lines.map((line) => perSecond(flow.series[line.key]))]
}

export function FlowPlot({ flow }: { flow: Flow }) {
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const theme = scheme.value
  useEffect(() => {
    const element = box.current!
    const u = new uPlot(options(Math.max(240, element.clientWidth)), dataOf(flow), element)
    plot.current = u
    const observer = new ResizeObserver(() => u.setSize({ width: Math.max(240, element.clientWidth), height }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      u.destroy()
    }
  }, [theme])
  useEffect(() => plot.current?.setData(dataOf(flow)), [flow])
  const total = (key: keyof Flow['series']) => flow.series[key].reduce((a, b) => a + b, 0)
  const words = lines.map((l) => `${bytes(total(l.key))} ${l.name}`).join(', ')
  return <div class="plot" ref={box} role="img" aria-label={`Flow of the last hour: ${words}`} />
}
