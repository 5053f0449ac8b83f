//! Every route of the program, as its router tells them.

use axum::body::Body;
use axum::http::{Method, Request, header};
use regard::web;

use crate::house::House;

/// Every path of the router, with the methods that it takes. What stands in braces is named by whoever asks.
pub(crate) async fn routes(house: &House) -> Vec<(Method, String)> {
    let told = format!("{:?}", web::router(house.app.clone()));
    let mut paths: Vec<&str> = told
        .split("RouteId(")
        .filter_map(|piece| piece.split_once("): \"")?.1.split('"').next())
        .filter(|path| !path.contains("__private"))
        .collect();
    paths.sort_unstable();
    paths.dedup();
    let mut routes = Vec::new();
    for path in paths {
        // A method that nothing takes is answered with those that it does take.
        let asked = Request::builder().method(Method::TRACE).uri(path.replace(['{', '}'], ""));
        let answer = house.send(asked.body(Body::empty()).unwrap()).await;
        let allowed =
            answer.headers.get(header::ALLOW).unwrap_or_else(|| panic!("{path}: {}", answer.status));
        let methods = allowed.to_str().unwrap().split(',').filter(|method| *method != "HEAD");
        routes.extend(methods.map(|method| (method.parse().unwrap(), path.to_owned())));
    }
    assert!(100 < routes.len(), "{routes:?}");
    routes
}
