// SPDX-License-Identifier: Apache-2.0
#include "convolution.hpp"
#include "grid.cuh"

namespace atnas::backend::cuda {
namespace {

/// Where an element of a tensor in NCHW is.
struct Place {
    unsigned image, channel, row, column;
};
__device__ Place place_of(unsigned element, unsigned channels, unsigned rows, unsigned columns) {
    return {element / (columns * rows * channels), element / (columns * rows) % channels, element / columns % rows,
            element % columns};
}

/// The pixel of one plane that comes so far behind another one, without the divisions that place_of() takes.
__device__ Place moved(Place place, const Place& step, unsigned rows, unsigned columns) {
    place.column += step.column;
    if (place.column >= columns) {
        place.column -= columns;
        ++place.row;
    }
    place.row += step.row;
    if (place.row >= rows) {
        place.row -= rows;
        ++place.image;
    }
    place.image += step.image;
    return place;
}

/// Pixel of x that a tap of the kernel meets where it makes pixel \p out of y. Before the first one the number wraps to
/// one beyond the last, which is where padding is.
__device__ unsigned pixel_of_x(const ConvolutionAxis& axis, unsigned out, unsigned tap) {
    return out * axis.stride + tap * axis.dilation - axis.pad;
}

/// The other way round: pixel of y for which a tap meets pixel \p in of x; beyond the last where there is none.
__device__ unsigned pixel_of_y(const ConvolutionAxis& axis, unsigned in, unsigned tap) {
    const unsigned strides = in + axis.pad - tap * axis.dilation;
    return strides % axis.stride == 0 ? strides / axis.stride : axis.out;
}

}  // namespace

__global__ void convolution_forward(ConvolutionSizes sizes, const float* x, const float* weight, float* y) {
    const auto& [images, inputs, outputs, group_inputs, group_outputs, rows, columns] = sizes;
    const unsigned count = images * outputs * rows.out * columns.out;
    for (auto i = static_cast<unsigned>(first_element()); i < count; i += static_cast<unsigned>(grid_stride())) {
        const auto [image, output, row, column] = place_of(i, outputs, rows.out, columns.out);
        const unsigned first_input = image * inputs + output / group_outputs * group_inputs;
        float sum = 0.0f;
        for (unsigned c = 0; c < group_inputs; ++c)
            for (unsigned h = 0; h < rows.kernel; ++h) {
                const unsigned x_row = pixel_of_x(rows, row, h);
                if (x_row >= rows.in) continue;
                const float* const x_line = x + ((first_input + c) * rows.in + x_row) * columns.in;
                const float* const taps = weight + ((output * group_inputs + c) * rows.kernel + h) * columns.kernel;
                for (unsigned w = 0; w < columns.kernel; ++w) {
                    const unsigned x_column = pixel_of_x(columns, column, w);
                    if (x_column < columns.in) sum += x_line[x_column] * taps[w];
                }
            }
        y[i] = sum;
    }
}

__global__ void convolution_backward_data(ConvolutionSizes sizes, const float* weight, const float* dy, float* dx) {
    const auto& [images, inputs, outputs, group_inputs, group_outputs, rows, columns] = sizes;
    const unsigned count = images * inputs * rows.in * columns.in;
    for (auto i = static_cast<unsigned>(first_element()); i < count; i += static_cast<unsigned>(grid_stride())) {
        const auto [image, input, row, column] = place_of(i, inputs, rows.in, columns.in);
        const unsigned first_output = input / group_inputs * group_outputs;
        float sum = 0.0f;
        for (unsigned output = first_output; output < first_output + group_outputs; ++output)
            for (unsigned h = 0; h < rows.kernel; ++h) {
                const unsigned y_row = pixel_of_y(rows, row, h);
                if (y_row >= rows.out) continue;
                const float* const dy_line = dy + ((image * outputs + output) * rows.out + y_row) * columns.out;
                const float* const taps =
                    weight + ((output * group_inputs + input % group_inputs) * rows.kernel + h) * columns.kernel;
                for (unsigned w = 0; w < columns.kernel; ++w) {
                    const unsigned y_column = pixel_of_y(columns, column, w);
                    if (y_column < columns.out) sum += dy_line[y_column] * taps[w];
                }
            }
        dx[i] = sum;
    }
}

__global__ void convolution_backward_filter(ConvolutionSizes sizes, FilterSlices slices, const float* x,
                                            const float* dy, double* partial, float* dweight) {
    __shared__ double sums[block_threads];
    const auto& [images, inputs, outputs, group_inputs, group_outputs, rows, columns] = sizes;
    const unsigned element = blockIdx.x / slices.count;
    const unsigned w = element % columns.kernel;
    const unsigned h = element / columns.kernel % rows.kernel;
    const unsigned output = element / (columns.kernel * rows.kernel) / group_inputs;
    const unsigned input =
        output / group_outputs * group_inputs + element / (columns.kernel * rows.kernel) % group_inputs;
    const unsigned count = images * rows.out * columns.out;
    const unsigned first = blockIdx.x % slices.count * slices.length;
    const unsigned end = first + slices.length < count ? first + slices.length : count;
    const Place step = place_of(blockDim.x, 1, rows.out, columns.out);
    Place place = place_of(first + threadIdx.x, 1, rows.out, columns.out);
    double sum = 0.0;
    for (unsigned i = first + threadIdx.x; i < end; i += blockDim.x) {
        const unsigned x_row = pixel_of_x(rows, place.row, h);
        const unsigned x_column = pixel_of_x(columns, place.column, w);
        if (x_row < rows.in && x_column < columns.in) {
            const double value = x[((place.image * inputs + input) * rows.in + x_row) * columns.in + x_column];
            const double gradient =
                dy[((place.image * outputs + output) * rows.out + place.row) * columns.out + place.column];
            // The product of two floats is exact in double: the bits are those of a product and a sum.
            sum = fma(value, gradient, sum);
        }
        place = moved(place, step, rows.out, columns.out);
    }
    sums[threadIdx.x] = sum;
    add_up(sums);
    if (threadIdx.x != 0) return;
    if (slices.count > 1)
        partial[blockIdx.x] = sums[0];
    else
        dweight[element] = static_cast<float>(sums[0]);
}

__global__ void convolution_add_slices(FilterSlices slices, const double* partial, float* dweight, unsigned count) {
    for (auto i = static_cast<unsigned>(first_element()); i < count; i += static_cast<unsigned>(grid_stride())) {
        double sum = 0.0;
        for (unsigned k = 0; k < slices.count; ++k) sum += partial[i * slices.count + k];
        dweight[i] = static_cast<float>(sum);
    }
}

}  // namespace atnas::backend::cuda
