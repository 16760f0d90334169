// The paths of lines: commands, replies, and the texts inside of them. Each runs so many rounds and
// says how many items that were.

#ifndef SANSMTP_BENCH_INSTRUCTIONS_LINES_HPP
#define SANSMTP_BENCH_INSTRUCTIONS_LINES_HPP

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "keep.hpp"
#include "sansmtp/sansmtp.hpp"
#include "traffic.hpp"

namespace instructions {

// Command lines, their ends found and parsed.
[[gnu::noinline]] inline std::size_t commands(std::string_view text, std::size_t rounds) {
  std::size_t lines = 0;
  for (; rounds != 0; --rounds) {
    for (std::string_view rest = hide(text); !rest.empty(); ++lines) {
      sansmtp::line_reader reader;
      const auto found = reader.scan(rest, sansmtp::limits::command_line);
      const auto command = sansmtp::parse_command(found.line, sansmtp::quirks::deployed);
      keep(command);
      expect(command.has_value());
      rest.remove_prefix(found.used);
    }
  }
  return lines;
}

inline std::size_t mixed_commands(std::size_t rounds) { return commands(traffic::commands(1000), rounds); }

// Whole replies, with the texts of their lines.
[[gnu::noinline]] inline std::size_t replies(std::string_view text, std::size_t rounds) {
  for (std::size_t round = 0; round < rounds; ++round) {
    const std::string_view octets = hide(text);
    sansmtp::reply_reader reader;
    const auto size = reader.scan(octets, sansmtp::quirks::deployed);
    expect(size && *size == octets.size());
    const sansmtp::reply reply = sansmtp::reply::found(reader, octets);
    keep(reply.code());
    keep(reply.status());
    for (const std::string_view line : reply.lines()) keep(line);
  }
  return rounds;
}

// Replies to EHLO, learned from.
[[gnu::noinline]] inline std::size_t learned_replies(std::size_t rounds) {
  const std::string text = traffic::ehlo_replies(50);
  std::size_t count = 0;
  for (; rounds != 0; --rounds) {
    for (std::string_view rest = hide(text); !rest.empty(); ++count) {
      sansmtp::reply_reader reader;
      const auto size = reader.scan(rest, sansmtp::quirks::deployed);
      expect(size && *size != 0);
      keep(sansmtp::capabilities::learn(sansmtp::reply::found(reader, rest), sansmtp::quirks::deployed));
      rest.remove_prefix(*size);
    }
  }
  return count;
}

// 66 octets to 88 characters.
[[gnu::noinline]] inline std::size_t base64_encoded(std::size_t rounds) {
  const std::string raw = traffic::dice(1).word("\x01\x42\x83\xC4\xF5", 66, 66);
  for (std::size_t round = 0; round < rounds; ++round) {
    sansmtp::output_buffer<88> out;
    sansmtp::writer::draft text(out);
    encode_base64(hide(raw), text);
    expect(text.commit().has_value());
    keep(out.written());
  }
  return rounds;
}

// 88 characters checked and decoded.
[[gnu::noinline]] inline std::size_t base64_decoded(std::size_t rounds) {
  const std::string text = traffic::dice(1).word(traffic::base64_letters, 88, 88);
  std::array<char, 66> room{};
  for (std::size_t round = 0; round < rounds; ++round) {
    const auto checked = sansmtp::base64_text::parse(hide(text));
    expect(checked.has_value());
    keep(checked->decode(room));
  }
  return rounds;
}

// Checked and decoded.
[[gnu::noinline]] inline std::size_t xtexts(std::string_view text, std::size_t rounds) {
  sansmtp::output_buffer<sansmtp::xtext::max_octets> out;
  for (std::size_t round = 0; round < rounds; ++round) {
    const auto checked = sansmtp::xtext::parse(hide(text));
    expect(checked.has_value());
    expect(checked->decode(out).has_value());
    keep(out.written());
    out.clear();
  }
  return rounds;
}

[[gnu::noinline]] inline std::size_t utf8_texts(std::string_view text, std::size_t rounds) {
  for (std::size_t round = 0; round < rounds; ++round) expect(sansmtp::is_utf8(hide(text)));
  return rounds;
}

}  // namespace instructions

#endif
