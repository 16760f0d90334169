// Any use of an input buffer: what arrived and was not dropped is there, in order, and where a view
// of it was when it was used, until that has settled.

#include <string>

#include "properties/choices.hpp"
#include "properties/require.hpp"
#include "sansmtp/wire/input_buffer.hpp"

using properties::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  properties::choices input(properties::text_of(data, size));
  sansmtp::input_buffer<32> buffer;
  std::string model, held;
  std::string_view view;
  bool in_use = false, ended = false;
  while (!input.empty()) {
    switch (input.below(6)) {
      case 0:
      case 1: {
        const std::string_view text = input.text();
        const auto space = buffer.space();
        require(space.empty() || !buffer.full(), "there is no space in a full buffer");
        require(!space.empty() || buffer.full() || in_use, "there is space in one that is not full");
        const std::size_t taken = text.copy(space.data(), space.size());
        if (taken != 0 || !space.empty()) buffer.commit(taken);
        model += text.substr(0, taken);
        ended = ended || (taken == 0 && !space.empty());
        break;
      }
      case 2:
        if (in_use) break;
        held.clear();
        [[fallthrough]];
      case 3: {
        const std::size_t some = input.below(40);
        buffer.drop(some);
        model.erase(0, some);
        break;
      }
      case 4: {
        const std::size_t some = input.below(40);
        view = buffer.unread().substr(0, some);
        held = model.substr(0, some);
        buffer.use(some);
        model.erase(0, some);
        in_use = true;
        break;
      }
      default: buffer.settle(); in_use = false;
    }
    require(buffer.unread() == model, "what is unread is what arrived and was not dropped");
    require(buffer.full() == (model.size() == buffer.capacity()), "full");
    require(buffer.ended() == ended, "ended");
    require(!in_use || view == held, "what is in use stays in its place");
  }
  return 0;
}
