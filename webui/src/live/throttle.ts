// Calls at once, then at most once in `ms` while asked again: many events in
// a second lead to one question to the node.
export function throttle(ms: number, call: () => void): () => void {
  let timer = 0
  let wanted = false
  const fire = () => {
    timer = 0
    if (!wanted) return
    wanted = false
    timer = setTimeout(fire, ms) as unknown as number
    call()
  }
  return () => {
    wanted = true
    if (!timer) fire()
  }
}
