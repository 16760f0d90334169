# Google Benchmark's JSON, of as many builds and runs as were made, as one table: for every row and
# build the time an item takes, gigabytes (10^9 octets) a second, and how many times as fast that is as
# memcpy and as the plain loop over as many octets in the same build. Of repetitions the best counts.
#
#   awk -v builds="plain native" -f table.awk build=plain A.json build=native B.json ...

function field(line) { sub(/^[^:]*: */, "", line); sub(/,$/, "", line); gsub(/"/, "", line); return line }

function keep_row() {
  if (name == "" || kind == "aggregate") return
  key = file SUBSEP name
  if (!(key in title)) {
    title[key] = name
    source[key] = file
    # As written in the program, however the runs were mixed.
    for (at = ++rows; at > 1 && source[order[at - 1]] == file && rank[order[at - 1]] > number; --at)
      order[at] = order[at - 1]
    order[at] = key
    rank[key] = number
  }
  at = key SUBSEP build
  if (failed) { broken[at] = 1; return }
  if (!(at in best) || time < best[at]) best[at] = time
  octets_of[at] = octets
  items_of[at] = items
  place = file SUBSEP octets SUBSEP build
  if (name ~ /memcpy/ && (!(place in memcpy) || time < memcpy[place])) memcpy[place] = time
  if (name ~ /byte_loop/ && (!(place in loop) || time < loop[place])) loop[place] = time
}

FNR == 1 { file = FILENAME; sub(/.*\//, "", file); sub(/\..*/, "", file); name = "" }
/"name":/ { keep_row(); name = field($0); kind = ""; failed = 0; octets = 0; items = 0; time = 0 }
/"family_index":/ { number = field($0) * 1000 }
/"per_family_instance_index":/ { number += field($0) }
/"run_type":/ { kind = field($0) }
/"cpu_time":/ { time = field($0) + 0 }
/"time_unit":/ { unit = field($0); time *= unit == "us" ? 1e3 : unit == "ms" ? 1e6 : unit == "s" ? 1e9 : 1 }
/"octets":/ { octets = field($0) + 0 }
/"items":/ { items = field($0) + 0 }
/"error_occurred": true/ { failed = 1 }
/^  \]/ { keep_row(); name = "" }

function ratio(of, time) { return of == "" || of == 0 ? "-" : sprintf("%.2f", of / time) }

END {
  count = split(builds, build_name, " ")
  printf "%-46s", ""
  for (b = 1; b <= count; ++b) printf " | %-38s", build_name[b]
  printf "\n%-46s", "row"
  for (b = 1; b <= count; ++b) printf " | %12s %8s %7s %8s", "ns an item", "GB/s", "/memcpy", "/loop"
  printf "\n"
  for (r = 1; r <= rows; ++r) {
    key = order[r]
    printf "%-46s", source[key] ": " title[key]
    for (b = 1; b <= count; ++b) {
      at = key SUBSEP build_name[b]
      if (at in broken) { printf " | %38s", "failed"; bad = 1; continue }
      if (!(at in best)) { printf " | %38s", "-"; continue }
      time = best[at]
      place = source[key] SUBSEP octets_of[at] SUBSEP build_name[b]
      printf " | %12.1f %8.2f %7s %8s", time / (items_of[at] ? items_of[at] : 1), octets_of[at] / time,
             ratio(memcpy[place], time), ratio(loop[place], time)
    }
    printf "\n"
  }
  exit bad
}
