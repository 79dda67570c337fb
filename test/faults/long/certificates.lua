wrk.method = "POST"
wrk.path = "/api/v1/certificate/generate"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"subject":"/CN=load.example","san":["load.example"]}'

function done(summary, latency, requests)
  local e = summary.errors
  print(string.format('{"requests":%d,"statuses":%d,"broken":%d,"microseconds":%d}',
    summary.requests, e.status, e.connect + e.read + e.write + e.timeout, summary.duration))
end
