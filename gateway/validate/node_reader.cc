#include "gateway/validate/node_reader.h"

namespace tvan {

std::string PathOf(const XmlNode& parent, std::string_view name) { return parent.path() + "/" + std::string(name); }

}  // namespace tvan
