import { render } from 'preact'
import { App } from './shell/app'
import { followAlerts } from './live/alerts'
import { followSummary } from './live/summary'
import { listenToKeys } from './parts/keys'
import { listenToDrops } from './upload/drop'
import { begin } from './shell/begin'
import { keepScroll } from './scroll'

keepScroll()
listenToKeys()
listenToDrops()
followSummary()
followAlerts()
void begin()
render(<App />, document.getElementById('app')!)
