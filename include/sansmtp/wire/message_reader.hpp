// message_reader: the content of one message as it arrives, by DATA or by chunks.
//
// On top of what frames a message (data_decoder, chunk_reader) stand the two reasons for which one
// that is well framed is still refused: it outgrows the size limit (RFC 1870 6.3), or it holds a
// lone CR or LF. From there on nothing more of it is delivered, and its end is found all the same.
// Pieces are views into the caller's octets. However those were cut, the same content is delivered.

#ifndef SANSMTP_WIRE_MESSAGE_READER_HPP
#define SANSMTP_WIRE_MESSAGE_READER_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "sansmtp/base/fault.hpp"
#include "sansmtp/wire/chunk.hpp"
#include "sansmtp/wire/data_decoder.hpp"
#include "sansmtp/wire/newline.hpp"
#include "sansmtp/wire/newline_check.hpp"

namespace sansmtp {

class message_reader {
 public:
  // Drop `used` octets; `bytes` is content, possibly none. `whole`: the message's end by DATA, or the
  // end of the chunk, stands behind `used`. Otherwise, and without bytes, more must come.
  struct piece {
    std::size_t used = 0;
    std::string_view bytes{};
    bool whole = false;
  };

  // `size_limit` in octets of content, 0 for none. `binary`: BODY=BINARYMIME, whose octets are not
  // lines (RFC 3030 3).
  constexpr message_reader(bare_newline newlines, std::uint64_t size_limit, bool binary = false) noexcept
      : size_limit_(size_limit), decoder_(newlines), watched_(!binary && newlines == bare_newline::refuse) {}

  // The next piece of a message by DATA.
  constexpr piece data(std::string_view unread) noexcept;

  // The same of octets that may be written over (data_decoder::decode_in_place).
  constexpr piece data_in_place(std::span<char> unread) noexcept;

  // A chunk of the message begins; one that is not `wanted` is drained only (RFC 3030 2).
  constexpr void begin_chunk(std::uint64_t size, bool last, bool wanted) noexcept {
    chunk_.begin(size, last);
    wanted_ = wanted;
    open_ = true;
  }

  // Whether a chunk has begun whose end was not reported.
  constexpr bool in_chunk() const noexcept { return open_; }
  constexpr bool last_chunk() const noexcept { return chunk_.last(); }

  // The next piece of the chunk.
  constexpr piece chunk(std::string_view unread) noexcept {
    std::size_t used = 0;
    while (chunk_.remaining() != 0) {
      if (used == unread.size()) return {used, {}, false};
      std::string_view bytes = chunk_.take(unread.substr(used));
      used += bytes.size();
      if (!wanted_) continue;
      if (watched_) bytes = bytes.substr(0, text_.look(bytes));
      bytes = deliver(bytes);
      if (!why_) why_ = text_.why();
      if (!bytes.empty()) return {used, bytes, false};
    }
    open_ = false;
    if (wanted_ && chunk_.last()) end_text();
    return {used, {}, true};
  }

  // Behind the chunks so far stands what is none of them: the message's end, or what a URL names (RFC 4468 3).
  // A CR that was their last octet is then alone.
  constexpr void end_text() noexcept {
    if (!watched_) return;
    text_.finish();
    if (!why_) why_ = text_.why();
  }

  // Octets of content delivered.
  constexpr std::uint64_t size() const noexcept { return size_; }

  // Why the message is to be refused: message_too_large, message_bare_cr or message_bare_lf, at the
  // octet of the message, counted as it was sent.
  constexpr std::optional<fault> why() const noexcept { return why_; }

 private:
  // What next_from(used) decodes, until there is something to tell.
  template <class NextFrom>
  constexpr piece decoded(std::size_t unread, NextFrom next_from) noexcept {
    std::size_t used = 0;
    while (!ended_) {
      const data_decoder::piece next = next_from(used);
      used += next.used;
      ended_ = next.end;
      if (const auto bytes = deliver(next.bytes); !bytes.empty()) return {used, bytes, false};
      if (!next.end && used == unread) return {used, {}, false};
    }
    if (const auto lone = decoder_.refusal()) why_ = lone;
    return {used, {}, true};
  }

  constexpr std::string_view deliver(std::string_view bytes) noexcept {
    if (why_) return {};
    if (size_limit_ != 0 && bytes.size() > size_limit_ - size_) {
      bytes = bytes.substr(0, static_cast<std::size_t>(size_limit_ - size_));
      why_ = distant_fault(errc::message_too_large, size_limit_);
    }
    size_ += bytes.size();
    return bytes;
  }

  std::uint64_t size_limit_;
  std::uint64_t size_ = 0;
  data_decoder decoder_;
  newline_check text_{};
  chunk_reader chunk_{};
  std::optional<fault> why_{};
  bool watched_;
  bool wanted_ = true;
  bool ended_ = false;
  bool open_ = false;
};

constexpr message_reader::piece message_reader::data(std::string_view unread) noexcept {
  return decoded(unread.size(), [&](std::size_t from) noexcept { return decoder_.decode(unread.substr(from)); });
}

constexpr message_reader::piece message_reader::data_in_place(std::span<char> unread) noexcept {
  return decoded(unread.size(),
                 [&](std::size_t from) noexcept { return decoder_.decode_in_place(unread.subspan(from)); });
}

}  // namespace sansmtp

#endif
