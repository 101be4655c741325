// The SharedWorker that holds the one event stream for all tabs of a browser.
import { Stream, type Message } from './stream'

interface Hello { type: 'hello'; revision: number }
type FromTab = Hello | { type: 'bye' } | { type: 'retry' }

const ports = new Set<MessagePort>()
let stream: Stream | null = null

function tellAll(message: Message): void {
  for (const port of ports) port.postMessage(message)
}

function welcome(port: MessagePort, hello: Hello): void {
  ports.add(port)
  if (!stream) {
    stream = new Stream(hello.revision, '/api/v1/watch', tellAll)
    stream.start()
    return
  }
  // What it loaded is older than what this worker will still deliver.
  if (hello.revision < stream.revision) port.postMessage({ type: 'reload' } satisfies Message)
  port.postMessage({ type: 'status', data: stream.status } satisfies Message)
}

function leave(port: MessagePort): void {
  ports.delete(port)
  if (ports.size > 0) return
  stream?.stop()
  stream = null
}

addEventListener('connect', (event) => {
  const port = (event as MessageEvent).ports[0]
  port.onmessage = ({ data }: MessageEvent<FromTab>) => {
    if (data.type === 'hello') welcome(port, data)
    else if (data.type === 'bye') leave(port)
    else stream?.retry()
  }
})
