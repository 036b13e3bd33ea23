#pragma once
/// \file
/// The network of the MAML papers (Vinyals et al. 2016; Finn et al. 2017): four times conv3x3, norm, ReLU, max-pool
/// 2x2.

#include "atnas/nn/graph.hpp"
#include "atnas/space/network_options.hpp"

namespace atnas::supernet {

nn::Graph make_conv4(nn::Manifest& manifest, const space::NetworkOptions& options);

}  // namespace atnas::supernet
