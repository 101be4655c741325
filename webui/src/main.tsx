import { render } from 'preact'
import { App } from './shell/app'
import { followSummary } from './live/summary'
import { listenToKeys } from './parts/keys'
import { listenToDrops } from './upload/drop'
import { begin } from './shell/begin'
import { keepScroll } from './scroll'

keepScroll()
listenToKeys()
listenToDrops()
followSummary()
void begin()
render(<App />, document.getElementById('app')!)
