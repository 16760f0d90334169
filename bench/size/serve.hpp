// The least that a server must add to the library: two calls of the system, and its answers.

#ifndef SANSMTP_BENCH_SIZE_SERVE_HPP
#define SANSMTP_BENCH_SIZE_SERVE_HPP

#include <unistd.h>

#include <variant>

#include "sansmtp/session/server.hpp"

namespace size {

// Takes every message from one connection, and writes what they say to `file`.
inline int serve(int from, int to, int file) {
  using namespace sansmtp::literals;
  using enum sansmtp::extension;
  sansmtp::server session(
      {.host = "mx.example"_domain, .extensions = {pipelining, sansmtp::extension::size, eight_bit_mime}});
  sansmtp::input_buffer<16384> in;
  sansmtp::output_buffer<4096> out;
  bool good = session.greet(out).has_value();
  while (good && session.open()) {
    const auto event = session.receive(in);
    if (const auto* piece = std::get_if<sansmtp::message_bytes>(&event)) {
      good = write(file, piece->bytes.data(), piece->bytes.size()) >= 0;
    } else if (std::holds_alternative<sansmtp::need_more>(event)) {
      good = write(to, out.written().data(), out.written().size()) >= 0;
      out.clear();
      const auto space = in.space();
      const ssize_t got = read(from, space.data(), space.size());
      in.commit(got < 0 ? 0 : static_cast<std::size_t>(got));
    } else if (session.owed() != 0) {
      good = session.answer(out).has_value();
    }
  }
  return write(to, out.written().data(), out.written().size()) >= 0 && good ? 0 : 1;
}

}  // namespace size

#endif
