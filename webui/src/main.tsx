import { render } from "preact"; declare const WORKER_URL: string; render(<p>Weir {WORKER_URL}</p>, document.getElementById("app")!)
