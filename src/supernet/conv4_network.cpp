#include "atnas/supernet/conv4_network.hpp"

#include <string>

namespace atnas::supernet {

nn::Graph make_conv4(nn::Manifest& manifest, const space::NetworkOptions& options) {
    nn::Graph graph(manifest, {1, options.image.channels, options.image.height, options.image.width});
    nn::ValueId x = 0;
    for (int i = 0; i < 4; ++i) {
        const std::string name = "block" + std::to_string(i);
        x = graph.convolution(x, options.channels, {.kernel = {3, 3}, .pad = {1, 1}}, name + "/conv", options.bias);
        x = graph.norm(x, space::NormAffine::yes, name + "/norm", backend::NormRelu::yes);
        x = graph.pool(x, {backend::PoolKind::max, {2, 2}, {2, 2}});
    }
    graph.flatten(x);
    return graph;
}

}  // namespace atnas::supernet
