// The client's memory of what is outstanding: runs of like commands, counted.

#include <doctest/doctest.h>

#include "sansmtp/session/pipeline.hpp"

using namespace sansmtp;

namespace {

constexpr pipeline after(std::initializer_list<act> sent) {
  pipeline p;
  for (act a : sent) p.push(a);
  return p;
}

}  // namespace

static_assert(pipeline{}.empty());
static_assert(after({act::mail, act::rcpt, act::rcpt, act::data}).size() == 4);
static_assert(after({act::mail, act::rcpt, act::rcpt, act::data}).runs() == 3);
static_assert(after({act::mail, act::rcpt}).front() == act::mail);
static_assert(after({act::mail, act::rcpt}).back() == act::rcpt);

// RFC 2920 3.1: what may follow is judged as if all that is outstanding had succeeded.
static_assert(pipeline{}.phase_after(phase::ready) == phase::ready);
static_assert(after({act::mail}).phase_after(phase::ready) == phase::mail);
static_assert(after({act::mail, act::rcpt, act::rcpt}).phase_after(phase::ready) == phase::rcpt);
static_assert(after({act::mail, act::rcpt, act::data}).phase_after(phase::ready) == phase::data);
static_assert(after({act::mail, act::rcpt, act::rset}).phase_after(phase::ready) == phase::ready);
static_assert(after({act::mail, act::rcpt, act::data}).phase_after(phase::closed) == phase::closed);

TEST_CASE("replies are matched in order, a run of a million RCPTs too") {
  pipeline p;
  p.push(act::mail);
  for (int i = 0; i < 1'000'000; ++i) REQUIRE(p.push(act::rcpt));
  p.push(act::data);
  CHECK(p.runs() == 3);
  CHECK(p.size() == 1'000'002);
  CHECK(p.front() == act::mail);
  p.pop();
  for (int i = 0; i < 1'000'000; ++i) {
    REQUIRE(p.front() == act::rcpt);
    p.pop();
  }
  CHECK(p.front() == act::data);
  p.pop();
  CHECK(p.empty());
}

TEST_CASE("a run too many is not remembered, and room comes back as replies do") {
  pipeline p;
  for (std::size_t i = 0; i < limits::pipeline_runs; ++i) REQUIRE(p.push(i % 2 == 0 ? act::mail : act::rset));
  const act next = p.back() == act::mail ? act::rset : act::mail;
  CHECK_FALSE(p.push(next));
  CHECK(p.size() == limits::pipeline_runs);
  CHECK(p.push(p.back()));
  p.pop();
  CHECK(p.push(next));
}
