// The definitions of decoding and of encoding as machines that are values, and every form of both held to
// them: for tests that walk along all strings.
//
// RFC 5321 4.5.2, and 2.3.8 for the CR and LF that stand alone. One octet a step; what a machine has put,
// and where it stands, is small enough to be copied for every string.

#ifndef SANSMTP_TESTS_SUPPORT_CODER_FORMS_HPP
#define SANSMTP_TESTS_SUPPORT_CODER_FORMS_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

#include "sansmtp/wire/data_decoder.hpp"
#include "sansmtp/wire/data_encoder.hpp"

namespace support {

inline constexpr std::size_t longest_body = 10;   // octets that a machine steps through
inline constexpr std::size_t longest_chunk = 256; // and that a coder is given at once
inline constexpr std::size_t alignments = 64;

// What a body, or the part of one so far, comes to.
struct meaning {
  std::array<char, 3 * longest_body + 8> octets{};
  std::uint8_t size = 0;
  std::uint8_t used = 0;  // up to the end, or to the fault
  std::optional<sansmtp::fault> why{};

  void put(std::string_view more) {
    if (why) return;
    more.copy(octets.data() + size, more.size());
    size = static_cast<std::uint8_t>(size + more.size());
  }
  void refuse(sansmtp::errc code, std::size_t at) {
    if (!why) why = sansmtp::fault{code, static_cast<std::uint32_t>(at)};
  }
};

struct decoding : meaning {
  using place = sansmtp::data_decoder::place;

  bool keep = false;
  place where = place::line_start;

  bool over() const { return where == place::ended; }  // nothing more is taken

  void alone_at(sansmtp::errc code, std::size_t at) {
    if (!keep) refuse(code, at);
  }
  void step(char c) {
    if (over()) return;
    const std::size_t at = used++;
    const bool behind_cr = where == place::after_cr || where == place::after_dot_cr;
    if (behind_cr && c == '\n') {
      where = where == place::after_dot_cr ? place::ended : place::line_start;
      if (!over()) put("\r\n");
      return;
    }
    if (behind_cr) {
      alone_at(sansmtp::errc::message_bare_cr, at - 1);
      put("\r");
      where = place::in_line;
    }
    if (where == place::line_start && c == '.') {
      where = place::after_dot;
      return;
    }
    if (c == '\r') {
      where = where == place::after_dot ? place::after_dot_cr : place::after_cr;
      return;
    }
    if (c == '\n') alone_at(sansmtp::errc::message_bare_lf, at);
    put({&c, 1});
    where = place::in_line;
  }
};

class decoder_forms {
 public:
  using machine = decoding;
  using coder = sansmtp::data_decoder;
  static constexpr std::size_t forms = 4;
  static constexpr std::string_view name_of[forms] = {"decode", "decode_into", "decode_copy", "decode_in_place"};

  static coder fresh(bool second_mode) {
    return coder(second_mode ? sansmtp::bare_newline::keep : sansmtp::bare_newline::refuse);
  }
  static machine start(bool second_mode) {
    machine m;
    m.keep = second_mode;
    return m;
  }
  // Octets that lead to every state there is.
  static constexpr std::string_view states[] = {"", "a", "\r", ".", ".\r", "\n", "\n\r", "\n\r\n", "\n\r\n.", "\n\r\n.\r"};
  static std::size_t states_of(bool second_mode) { return second_mode ? 5 : 10; }

  // Whether the chunk, by that form, is taken so far, comes to `expected`, and leaves the coder where `m` is.
  bool run(std::size_t form, coder& d, std::string_view chunk, std::size_t taken, std::string_view expected,
           const machine& m) {
    const std::uint64_t before = d.size();
    std::size_t given = 0, used = 0;
    bool good = true;
    const auto take = [&](std::string_view bytes) {
      good = good && bytes == expected.substr(given, bytes.size());
      if (good) given += bytes.size();
    };
    // A copy that is aligned alike.
    const std::span<char> own = std::span(scratch_).subspan(reinterpret_cast<std::uintptr_t>(chunk.data()) % alignments);
    if (form == 3) std::memcpy(own.data(), chunk.data(), chunk.size());
    while (good && used < chunk.size() && d.where() != decoding::place::ended) {
      const std::string_view rest = chunk.substr(used);
      std::size_t step = 0;
      if (form == 0) {
        const auto piece = d.decode(rest);
        take(piece.bytes);
        step = piece.used;
      } else if (form == 1) {
        const auto some = d.decode_into(rest, pieces_);
        for (std::size_t i = 0; i < some.count; ++i) take(pieces_[i]);
        step = some.used;
      } else if (form == 2) {
        const auto piece = d.decode_copy(rest, scratch_);
        take(piece.bytes);
        step = piece.used;
      } else {
        const auto piece = d.decode_in_place(own.subspan(used, rest.size()));
        take(piece.bytes);
        step = piece.used;
      }
      good = good && step != 0;
      used += step;
    }
    return good && given == expected.size() && used == taken && d.where() == m.where && d.size() == before + given &&
           d.refusal() == m.why;
  }

  // What a state is besides what it shows: how many octets were taken, seen in the place of the next fault.
  bool counts(coder d, const machine& m) {
    if (m.keep || m.why || m.over()) return true;
    const bool behind_cr = m.where == decoding::place::after_cr || m.where == decoding::place::after_dot_cr;
    (void)d.decode(behind_cr ? "a" : "\n");
    const auto code = behind_cr ? sansmtp::errc::message_bare_cr : sansmtp::errc::message_bare_lf;
    return d.refusal() == sansmtp::fault{code, m.used - (behind_cr ? 1U : 0U)};
  }

 private:
  alignas(alignments) std::array<char, alignments + longest_chunk + 1> scratch_{};
  std::array<std::string_view, 3> pieces_{};
};

struct encoding : meaning {
  bool repair = false;
  bool line_start = true, after_cr = false;

  bool over() const { return why.has_value(); }

  void step(char c) {
    if (over()) return;
    if (!repair && after_cr && c != '\n') return refuse(sansmtp::errc::message_bare_cr, used - 1U);
    if (!repair && !after_cr && c == '\n') return refuse(sansmtp::errc::message_bare_lf, used);
    ++used;
    if (repair ? c == '\r' || (c == '\n' && !after_cr) : c == '\n') {
      put("\r\n");
      line_start = true;
    } else if (c != '\r' && c != '\n') {
      put(line_start && c == '.' ? ".." : std::string_view(&c, 1));
      line_start = false;
    }
    if (c == '\r' && !repair) line_start = false;
    after_cr = c == '\r';
  }
};

class encoder_forms {
 public:
  using machine = encoding;
  using coder = sansmtp::data_encoder;
  static constexpr std::size_t forms = 3;
  static constexpr std::string_view name_of[forms] = {"encode", "encode_into", "encode_copy"};

  static coder fresh(bool second_mode) {
    return coder(second_mode ? sansmtp::newline_repair::repair : sansmtp::newline_repair::refuse);
  }
  static machine start(bool second_mode) {
    machine m;
    m.repair = second_mode;
    return m;
  }
  static constexpr std::string_view states[] = {"", "a", "\r"};
  static std::size_t states_of(bool) { return 3; }

  bool run(std::size_t form, coder& e, std::string_view chunk, std::size_t taken, std::string_view expected,
           const machine& m) {
    std::size_t given = 0, used = 0;
    bool good = true;
    std::optional<sansmtp::fault> why;
    const auto take = [&](std::string_view bytes) {
      good = good && bytes == expected.substr(given, bytes.size());
      if (good) given += bytes.size();
    };
    while (good && used < chunk.size() && !why) {
      const std::string_view rest = chunk.substr(used);
      std::size_t step = 0;
      if (form == 0) {
        const auto piece = e.encode(rest);
        if (piece) take(piece->bytes), step = piece->used;
        else why = piece.error();
      } else if (form == 1) {
        const auto some = e.encode_into(rest, pieces_);
        for (std::size_t i = 0; some && i < some->count; ++i) take(pieces_[i]);
        if (some) step = some->used;
        else why = some.error();
      } else {
        const auto piece = e.encode_copy(rest, scratch_);
        if (piece) take(piece->bytes), step = piece->used;
        else why = piece.error();
      }
      good = good && (step != 0 || why);
      used += step;
    }
    // A lone CR at the very fault may have been taken, and be known for lone only now.
    const bool all = used == taken || (why && why->code == sansmtp::errc::message_bare_cr && used + 1 == taken);
    return good && given == expected.size() && all && why == m.why;
  }

  // An encoder shows nothing of its state: what it makes of the next octets tells it.
  bool counts(const coder& e, const machine& m) {
    if (m.why) return true;
    for (const std::string_view next : {".", "\n", "a"}) {
      machine then = m;
      then.step(next[0]);
      coder copy = e;
      const auto piece = copy.encode(next);
      const std::string_view more(then.octets.data() + m.size, then.size - std::size_t{m.size});
      if (piece ? then.why || piece->bytes != more : then.why != piece.error()) return false;
    }
    coder copy = e;
    const auto end = copy.finish();
    const bool whole = m.line_start;
    if (m.repair) return end && *end == (whole ? ".\r\n" : "\r\n.\r\n");
    if (whole) return end && *end == ".\r\n";
    return !end && end.error() == sansmtp::fault{sansmtp::errc::message_unterminated, m.used};
  }

 private:
  std::array<char, 2 * longest_chunk> scratch_{};
  std::array<std::string_view, 3> pieces_{};
};

}  // namespace support

#endif
