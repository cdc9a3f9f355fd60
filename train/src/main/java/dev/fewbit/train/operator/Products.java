package dev.fewbit.train.operator;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Products of matrices. */
final class Products {
    private Products() {}

    static void addTo(Operators.Taker all) {
        all.single("MatMul", call -> torch.matmul(call.input(0), call.input(1)));
        all.single("Gemm", Products::gemm);
    }

    private static Tensor gemm(Call call) {
        Tensor a = call.node().intAttribute("transA", 0) != 0 ? call.input(0).t() : call.input(0);
        Tensor b = call.node().intAttribute("transB", 0) != 0 ? call.input(1).t() : call.input(1);
        float alpha = call.node().floatAttribute("alpha", 1);
        float beta = call.node().floatAttribute("beta", 1);
        Tensor product = torch.matmul(a, b);
        if (alpha != 1) {
            product = product.mul(new Scalar(alpha));
        }
        if (!call.has(2) || beta == 0) {
            return product;
        }
        return product.add(call.input(2), new Scalar(beta));
    }
}
