package dev.fewbit.train.operator;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Products of matrices. */
final class Products {
    private Products() {}

    static void addTo(Operators.Taker all) {
        all.single("MatMul", call -> torch.matmul(call.input(0), call.input(1)));
        all.single("Gemm", Products::gemm);
        all.single("MatMulInteger", Products::ofIntegers);
        all.single("Det", call -> torch.linalg_det(call.input(0)));
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

    /** Doubles hold every sum of products of bytes exactly. */
    private static Tensor ofIntegers(Call call) {
        Tensor a = call.input(0).to(ScalarType.Double);
        Tensor b = call.input(1).to(ScalarType.Double);
        if (call.has(2)) {
            Tensor zero = call.input(2).to(ScalarType.Double);
            // One for all, or one for each row.
            a = a.sub(zero.dim() == 1 && a.dim() > 1 ? zero.reshape(-1, 1) : zero);
        }
        if (call.has(3)) {
            b = b.sub(call.input(3).to(ScalarType.Double));
        }
        return torch.matmul(a, b).to(ScalarType.Int);
    }
}
